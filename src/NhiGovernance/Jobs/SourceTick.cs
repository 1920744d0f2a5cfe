using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Jobs;

/// <summary>What a tick of a source's schedule does: it queues a run, and no more. The same tick twice queues one.</summary>
public sealed class SourceTick(IDbContextFactory<GovernanceDb> contexts, IDialect dialect, PollQueue queue)
{
    /// <summary>A tick this soon after the last run began is the same tick again, from another node.</summary>
    private static readonly TimeSpan SameTick = TimeSpan.FromMinutes(1);

    /// <param name="next">When the schedule asks again; shown on the page.</param>
    /// <returns>False when the source is gone or switched off, and its trigger can go too.</returns>
    public async Task<bool> TickAsync(Guid sourceId, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var on = await db.Set<Source>().Where(s => s.Id == sourceId && s.RemovedAt == null && s.IsEnabled)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.NextRunAt, next), cancellationToken);
        if (on == 0)
        {
            return false;
        }

        var now = await dialect.NowAsync(db, cancellationToken);
        var busy = await db.Set<PollRun>().AnyAsync(
            r => r.SourceId == sourceId && ((r.State == PollState.Running && r.Targets == null)
                || (r.Trigger == PollTrigger.Schedule && r.QueuedAt > now - SameTick)),
            cancellationToken);
        if (!busy)
        {
            var run = await queue.AddAsync(db, sourceId, PollTrigger.Schedule, TimeSpan.Zero, cancellationToken);
            await dialect.SignalAsync(db, new ChangeSignal(SourceTopics.Run, run.RunId), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>For the schedule: which sources it is to tick, how often, and when it next does.</summary>
    public async Task<IReadOnlyList<TickedSource>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<Source>().AsNoTracking().Where(s => s.RemovedAt == null)
            .Select(s => new TickedSource(s.Id, s.IsEnabled, s.IntervalMinutes, s.NextRunAt)).ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<TickedJob>> ListJobsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<ScheduledJob>().AsNoTracking()
            .Select(j => new TickedJob(j.Key, j.IsEnabled, j.IntervalMinutes, j.NextRunAt)).ToListAsync(cancellationToken);
    }

    public async Task SayNextAsync(Guid sourceId, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Set<Source>().Where(s => s.Id == sourceId).ExecuteUpdateAsync(s => s.SetProperty(x => x.NextRunAt, next), cancellationToken);
    }

    public async Task SayNextAsync(string jobKey, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Set<ScheduledJob>().Where(j => j.Key == jobKey).ExecuteUpdateAsync(j => j.SetProperty(x => x.NextRunAt, next), cancellationToken);
    }
}

public sealed record TickedSource(Guid Id, bool IsEnabled, int IntervalMinutes, DateTimeOffset? NextRunAt);

public sealed record TickedJob(string Key, bool IsEnabled, int IntervalMinutes, DateTimeOffset? NextRunAt);
