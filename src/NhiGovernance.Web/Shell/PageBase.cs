using Microsoft.AspNetCore.Components;
using NhiGovernance.Common;

namespace NhiGovernance.Web.Shell;

/// <summary>What pages share: loads of which a newer one cancels the older, the error in place, toasts, the address.</summary>
public abstract class PageBase : ComponentBase, IDisposable
{
    private CancellationTokenSource? _load;
    private readonly CancellationTokenSource _life = new();

    protected PageBase() => Life = _life.Token;

    [Inject] protected Page Page { get; set; } = default!;

    [Inject] protected NavigationManager Navigation { get; set; } = default!;

    [Inject] protected ViewerTime Time { get; set; } = default!;

    /// <summary>Why the page's main content could not be loaded; show it by <c>Faulty</c>.</summary>
    protected Error? Failed { get; private set; }

    /// <summary>True until the first load ended.</summary>
    protected bool IsLoading { get; private set; } = true;

    /// <summary>Ends when the page does; may still be asked after that, by a load that comes back late.</summary>
    protected CancellationToken Life { get; }

    /// <summary>
    /// Runs a load; one that is still running is cancelled and its result dropped. Returns false when it was superseded or
    /// failed; then <see cref="Failed"/> says why.
    /// </summary>
    protected async Task<bool> LoadAsync<T>(Func<CancellationToken, Task<Result<T>>> read, Action<T> show)
    {
        var mine = CancellationTokenSource.CreateLinkedTokenSource(Life);
        var older = Interlocked.Exchange(ref _load, mine);
        if (older is not null)
        {
            await older.CancelAsync();
            older.Dispose();
        }

        try
        {
            var result = await read(mine.Token);
            if (mine.IsCancellationRequested)
            {
                return false;
            }

            Failed = result.Error;
            IsLoading = false;
            if (result.IsOk)
            {
                show(result.Value);
            }

            return result.IsOk;
        }
        catch (Exception error) when (mine.IsCancellationRequested && error is OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Runs a command; an error becomes a toast.</summary>
    protected async Task<bool> DoAsync<T>(Task<Result<T>> command, string? said = null)
    {
        var result = await command;
        if (!result.IsOk)
        {
            Page.Toast(result.Error);
            return false;
        }

        if (said is not null)
        {
            Page.Toast(said);
        }

        return true;
    }

    /// <summary>Draws again, from any thread.</summary>
    protected void Redraw() => _ = InvokeAsync(StateHasChanged);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _life.Cancel();
        _life.Dispose();
    }
}
