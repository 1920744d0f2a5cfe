using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;

namespace NhiGovernance.Jobs;

/// <summary>The beat of a running job: renews the lease, writes progress, looks whether a person cancelled.</summary>
internal sealed class JobPulse : IAsyncDisposable
{
    private readonly RunningJob _run;
    private readonly IDbContextFactory<GovernanceDb> _contexts;
    private readonly IDialect _dialect;
    private readonly JobOptions _options;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _cancelled = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _done = new();
    private readonly Task _beating;
    private string? _progress;

    public JobPulse(RunningJob run, IDbContextFactory<GovernanceDb> contexts, IDialect dialect, JobOptions options, TimeProvider clock)
    {
        (_run, _contexts, _dialect, _options, _clock) = (run, contexts, dialect, options, clock);
        _beating = Task.Run(BeatAsync);
    }

    public CancellationToken Cancelled => _cancelled.Token;

    public CancellationToken Lost => _lost.Token;

    public void Say(string progress) => Volatile.Write(ref _progress, progress.Length <= 300 ? progress : progress[..300]);

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _beating;
        _cancelled.Dispose();
        _lost.Dispose();
        _done.Dispose();
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(_options.Beat, _clock);
        var renewed = _clock.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_done.Token))
            {
                try
                {
                    var at = _clock.GetTimestamp();
                    if (await LookAsync() is not { } cancel)
                    {
                        await _lost.CancelAsync();
                        return;
                    }

                    renewed = at;
                    if (cancel && !_cancelled.IsCancellationRequested)
                    {
                        await _cancelled.CancelAsync();
                    }
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    // The database is away for a moment; past the lease another worker may have begun.
                    if (_clock.GetElapsedTime(renewed) >= _options.Lease)
                    {
                        await _lost.CancelAsync();
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    /// <summary>Whether a person cancelled; null when the lease is no longer ours.</summary>
    private async Task<bool?> LookAsync()
    {
        await using var db = await _contexts.CreateDbContextAsync(_done.Token);
        var until = await _dialect.NowAsync(db, _done.Token) + _options.Lease;
        var progress = Volatile.Read(ref _progress);
        var ours = db.Set<ScheduledJob>().Where(j => j.Key == _run.Key && j.Fence == _run.Fence);
        await ours.ExecuteUpdateAsync(j => j.SetProperty(x => x.LeaseUntil, until).SetProperty(x => x.Progress, progress), _done.Token);
        return await ours.Select(j => (bool?)j.CancelRequested).SingleOrDefaultAsync(_done.Token);
    }
}
