using System.Collections.Concurrent;
using NhiGovernance.Data;

namespace NhiGovernance.Web.Shell.Live;

/// <summary>
/// Passes the database's change signals (of any process) to the pages that are open here. Ids only; a page that hears one asks
/// its use case again. One listener a process, however many pages.
/// </summary>
public sealed partial class ChangeFeed(IDialect dialect, IEnumerable<IHearChanges> engine, TimeProvider clock, ILogger<ChangeFeed> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<long, Action<ChangeSignal>> _listeners = new();
    private long _last;

    /// <summary>Hears every signal until disposed. The callback must be quick and must not throw.</summary>
    public IDisposable Listen(Action<ChangeSignal> heard)
    {
        var id = Interlocked.Increment(ref _last);
        _listeners[id] = heard;
        return new Subscription(() => _listeners.TryRemove(id, out _));
    }

    internal void Publish(ChangeSignal signal)
    {
        // First, so that a page that asks again is not told what was.
        foreach (var part in engine)
        {
            part.Hear(signal);
        }

        foreach (var listener in _listeners.Values)
        {
            listener(signal);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var signal in dialect.ListenAsync(stoppingToken))
                {
                    Publish(signal);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                LogLost(log, error);
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The change signal was lost; listening again in 5 s")]
    private static partial void LogLost(ILogger logger, Exception error);

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
