using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NhiGovernance.Data;

namespace NhiGovernance.Sources.Runs;

/// <summary>Takes what is queued and due, a few sources at a time. Call it when something was queued, and now and then.</summary>
public sealed class PollWorker(
    IDbContextFactory<GovernanceDb> contexts, IDialect dialect, PollSource poll, PollOptions options, ILogger<PollWorker> log) : IAsyncDisposable
{
    private readonly Dictionary<Guid, Task> _running = [];
    private readonly Lock _gate = new();

    /// <summary>Sources that this process reads now.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>Starts what is due and fits. Returns at once with how many it started.</summary>
    public async Task<int> StartDueAsync(CancellationToken stop)
    {
        await poll.TakeOverAsync(stop);
        var due = await DueAsync(stop);
        var started = 0;
        foreach (var runId in due)
        {
            lock (_gate)
            {
                if (_running.Count >= options.Parallel)
                {
                    break;
                }

                if (_running.ContainsKey(runId))
                {
                    continue;
                }

                _running[runId] = Task.Run(() => RunAsync(runId, stop), CancellationToken.None);
                started++;
            }
        }

        return started;
    }

    /// <summary>Waits for every run that this process has begun.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_running.Values);
        }
    }

    public async ValueTask DisposeAsync() => await DrainAsync();

    private async Task<List<Guid>> DueAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await dialect.NowAsync(db, cancellationToken);
        return await (
            from run in db.Set<PollRun>().AsNoTracking()
            join source in db.Set<Source>().AsNoTracking() on run.SourceId equals source.Id
            where run.State == PollState.Queued && (run.NotBefore == null || run.NotBefore <= now)
                && source.RemovedAt == null && (source.LeaseUntil == null || source.LeaseUntil <= now)
            orderby run.NotBefore
            select run.Id).Take(50).ToListAsync(cancellationToken);
    }

    private async Task RunAsync(Guid runId, CancellationToken stop)
    {
        try
        {
            await poll.RunAsync(runId, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped before it began.
        }
        catch (Exception error)
        {
            // The database went away, or a fault of ours: the lease runs out and the run is taken over.
            log.LogError("Run {Run} ended with a fault: {Fault} at {Where}", runId, error.GetType().Name, error.StackTrace);
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(runId);
            }
        }
    }
}
