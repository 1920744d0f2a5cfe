using Microsoft.AspNetCore.Components;
using NhiGovernance.Data;

namespace NhiGovernance.Web.Shell.Live;

/// <summary>
/// Calls the page back when something of the topic changed, at most four times a second:
/// <c>&lt;OnChange Topic="poll-run" Id="_source" Do="ReloadAsync" /&gt;</c>. Draws nothing.
/// </summary>
public sealed class OnChange : ComponentBase, IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);
    private IDisposable? _subscription;
    private ITimer? _timer;
    private int _waiting;

    [Inject] private ChangeFeed Feed { get; set; } = default!;

    [Inject] private TimeProvider Clock { get; set; } = default!;

    /// <summary>"poll-run", "inventory", …; several are separated by commas.</summary>
    [Parameter, EditorRequired] public string Topic { get; set; } = "";

    /// <summary>Only this one; null for all of the topic.</summary>
    [Parameter] public Guid? Id { get; set; }

    [Parameter, EditorRequired] public EventCallback Do { get; set; }

    public void Dispose()
    {
        _subscription?.Dispose();
        _timer?.Dispose();
    }

    protected override void OnInitialized()
    {
        _timer = Clock.CreateTimer(_ => _ = InvokeAsync(RunAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _subscription = Feed.Listen(Heard);
    }

    private void Heard(ChangeSignal signal)
    {
        if (Topic.Split(',').Contains(signal.Topic, StringComparer.Ordinal) && (Id is null || Id == signal.Id)
            && Interlocked.Exchange(ref _waiting, 1) == 0)
        {
            _timer?.Change(Quiet, Timeout.InfiniteTimeSpan);
        }
    }

    private Task RunAsync()
    {
        Interlocked.Exchange(ref _waiting, 0);
        return Do.InvokeAsync();
    }
}
