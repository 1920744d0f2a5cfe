using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NhiGovernance.Data;

namespace NhiGovernance.Sources.Runs;

/// <summary>
/// The beat of a running poll: writes progress (at most twice a second), looks whether a person cancelled, and renews the
/// lease. It cancels <see cref="Cancelled"/> or <see cref="Lost"/>; the reader does the rest.
/// </summary>
internal sealed class RunPulse : IAsyncDisposable
{
    private readonly LeaseGrant _lease;
    private readonly SourceLease _leases;
    private readonly IDbContextFactory<GovernanceDb> _contexts;
    private readonly IDialect _dialect;
    private readonly PollOptions _options;
    private readonly TimeProvider _clock;
    private readonly IObservationWriter _writer;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _cancelled = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _done = new();
    private readonly Task _beating;
    private string? _progress;
    private (string?, RunSummary?) _written;

    public RunPulse(
        LeaseGrant lease, SourceLease leases, IDbContextFactory<GovernanceDb> contexts, IDialect dialect, PollOptions options, TimeProvider clock,
        IObservationWriter writer, ILogger log)
    {
        (_lease, _leases, _contexts, _dialect, _options, _clock, _writer, _log) = (lease, leases, contexts, dialect, options, clock, writer, log);
        _beating = Task.Run(BeatAsync);
    }

    /// <summary>A person asked for an end.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Another worker has the source, or we could not renew in time and must believe so.</summary>
    public CancellationToken Lost => _lost.Token;

    public void Say(string progress) => Volatile.Write(ref _progress, progress);

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
                    if (_clock.GetElapsedTime(renewed) >= _options.Lease / 3)
                    {
                        var at = _clock.GetTimestamp();
                        if (!await _leases.RenewAsync(_lease, _done.Token))
                        {
                            await _lost.CancelAsync();
                            return;
                        }

                        renewed = at;
                    }

                    await LookAsync();
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    // The database is away for a moment, or a long batch holds the row that we would write. Past the lease we
                    // must stop, because somebody else may have the source; but not while that batch keeps everybody out.
                    _log.LogWarning("The beat of run {Run} missed: {Fault}", _lease.RunId, error.GetType().Name);
                    if (!_writer.IsWriting && _clock.GetElapsedTime(renewed) >= _options.Lease)
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

    private async Task LookAsync()
    {
        await using var db = await _contexts.CreateDbContextAsync(_done.Token);
        var run = db.Set<PollRun>().Where(r => r.Id == _lease.RunId && r.Fence == _lease.Fence && r.State == PollState.Running);
        var (progress, summary) = (Volatile.Read(ref _progress), _writer.Soon);
        if (_written != (progress, summary))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(_done.Token);
            await run.ExecuteUpdateAsync(
                r => r.SetProperty(x => x.Progress, progress)
                    .SetProperty(x => x.ScopesStarted, summary.ScopesStarted)
                    .SetProperty(x => x.ScopesComplete, summary.ScopesComplete)
                    .SetProperty(x => x.ScopesDenied, summary.ScopesDenied)
                    .SetProperty(x => x.ScopesFailed, summary.ScopesFailed)
                    .SetProperty(x => x.Seen, summary.Seen)
                    .SetProperty(x => x.Added, summary.Added)
                    .SetProperty(x => x.Changed, summary.Changed),
                _done.Token);
            await _dialect.SignalAsync(db, new ChangeSignal(SourceTopics.Run, _lease.RunId), _done.Token);
            await transaction.CommitAsync(_done.Token);
            _written = (progress, summary);
        }

        var cancel = await run.Select(r => (bool?)r.CancelRequested).SingleOrDefaultAsync(_done.Token);
        if (cancel is null)
        {
            await _lost.CancelAsync();
        }
        else if (cancel.Value && !_cancelled.IsCancellationRequested)
        {
            await _cancelled.CancelAsync();
        }
    }
}
