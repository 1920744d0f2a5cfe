using Microsoft.JSInterop;
using NhiGovernance.Common;

namespace NhiGovernance.Web.Shell;

/// <summary>One toast: one line, 6 s; errors stay until closed.</summary>
/// <param name="Action">A link or an undo beside it.</param>
public sealed record Toast(long Id, string Text, bool IsError, ToastAction? Action);

/// <param name="Href">Where it goes; or null when <paramref name="Run"/> does something.</param>
public sealed record ToastAction(string Text, string? Href = null, Func<Task>? Run = null);

/// <summary>What every page may say: a toast, a result for screen readers, the clipboard. One per circuit.</summary>
public sealed class Page(IJSRuntime script)
{
    private readonly List<Toast> _toasts = [];
    private long _last;

    public IReadOnlyList<Toast> Toasts => _toasts;

    /// <summary>The sentence in the polite live region.</summary>
    public string Said { get; private set; } = "";

    public event Action? Changed;

    /// <summary>Shows it, and says it in the live region, which is there all the time: a toast that comes and goes may be missed.</summary>
    public void Toast(string text, ToastAction? action = null)
    {
        Hear(action is null ? text : $"{text}. {action.Text} is offered.");
        Add(new Toast(++_last, text, IsError: false, action));
    }

    /// <summary>An expected error, as a toast that stays.</summary>
    public void Toast(Error error) => Add(new Toast(++_last, error.Message, IsError: true, null));

    public void Close(long id)
    {
        if (_toasts.RemoveAll(t => t.Id == id) > 0)
        {
            Changed?.Invoke();
        }
    }

    /// <summary>Says a result that arrived: "128 identities". Screen readers read it when they are free.</summary>
    public void Say(string sentence)
    {
        Hear(sentence);
        Changed?.Invoke();
    }

    /// <summary>The page's form is saved: its draft in the browser goes.</summary>
    public ValueTask SavedAsync() => script.InvokeVoidAsync("nhi.saved");

    /// <summary>False when the browser refused.</summary>
    public async Task<bool> CopyAsync(string text) => await script.InvokeAsync<bool>("nhi.copy", text);

    /// <summary>The same sentence twice must differ, or nothing is read out.</summary>
    private void Hear(string sentence) => Said = Said == sentence ? sentence + '\u00a0' : sentence;

    private void Add(Toast toast)
    {
        _toasts.Add(toast);
        if (_toasts.Count > 4)
        {
            _toasts.RemoveAt(0);
        }

        Changed?.Invoke();
    }
}
