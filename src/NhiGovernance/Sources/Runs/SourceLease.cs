using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Runs;

/// <summary>What a worker holds while it reads a source.</summary>
internal sealed record LeaseGrant(
    Guid SourceId, Guid RunId, long Number, long Fence, string ConnectorKey, string Name, string Settings, string Host)
{
    /// <summary>What the memory was worth when this run took the source: <see cref="SourceMemory.DistrustKey"/>.</summary>
    public string? Distrust { get; init; }

    /// <summary>The only lists to read; empty: everything.</summary>
    public IReadOnlyList<ReadTarget> Only { get; init; } = [];
}

/// <summary>
/// One worker at a time reads a source. A lease is one UPDATE, judged by the database's clock, that counts the fencing number up;
/// every batch and the run's end check that number, so that a worker that woke too late can write nothing.
/// </summary>
internal sealed class SourceLease(IDbContextFactory<GovernanceDb> contexts, IDialect dialect, IAuditTrail trail, PollOptions options)
{
    private const string Gone = "Its worker stopped or lost touch; the next run reads again.";

    private readonly AbandonedRuns _abandoned = new(trail);

    /// <summary>Takes a queued run and its source's lease; null when somebody else was first or holds the source.</summary>
    public async Task<LeaseGrant?> TakeAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var run = await db.Set<PollRun>().AsNoTracking().Where(r => r.Id == runId && r.State == PollState.Queued)
            .Select(r => new { r.SourceId, r.Number }).SingleOrDefaultAsync(cancellationToken);
        if (run is null)
        {
            return null;
        }

        await SourceHold.TakeAsync(db, run.SourceId, cancellationToken);
        var now = await dialect.NowAsync(db, cancellationToken);
        var until = now + options.Lease;
        var died = await db.Set<Source>().AnyAsync(s => s.Id == run.SourceId && s.LeaseHolder != null, cancellationToken);
        var taken = await db.Set<Source>()
            .Where(s => s.Id == run.SourceId && s.RemovedAt == null && (s.LeaseUntil == null || s.LeaseUntil <= now))
            .ExecuteUpdateAsync(
                s => s.SetProperty(x => x.Fence, x => x.Fence + 1)
                    .SetProperty(x => x.LeaseHolder, options.Holder)
                    .SetProperty(x => x.LeaseUntil, until),
                cancellationToken);
        if (taken == 0)
        {
            return null;
        }

        var source = await db.Set<Source>().AsNoTracking().SingleAsync(s => s.Id == run.SourceId, cancellationToken);
        IReadOnlyList<ReadTarget>? lost = died ? await LostAsync(db, run.SourceId, cancellationToken) : [];
        var tries = died ? await TriesAsync(db, run.SourceId, cancellationToken) : null;
        var abandoned = await _abandoned.EndAsync(db, RunningOf(db, run.SourceId).Where(r => r.Id != runId), Gone, now, cancellationToken);
        var started = await db.Set<PollRun>().Where(r => r.Id == runId && r.State == PollState.Queued).ExecuteUpdateAsync(
            r => r.SetProperty(x => x.State, PollState.Running).SetProperty(x => x.Fence, source.Fence).SetProperty(x => x.StartedAt, now),
            cancellationToken);
        if (started == 0)
        {
            return null;
        }

        // Only now: whoever queued more for this run until it began holds the source's row.
        var asked = await db.Set<PollRun>().Where(r => r.Id == runId).Select(r => r.Targets).SingleAsync(cancellationToken);
        var only = ReadTarget.Union(ReadTarget.Read(asked), lost);
        if (died)
        {
            // What the dead worker was to read is read by this run too, which may have been queued for less.
            var targets = only is null ? null : ReadTarget.Write(only);
            await db.Set<PollRun>().Where(r => r.Id == runId).ExecuteUpdateAsync(
                r => r.SetProperty(x => x.Targets, targets).SetProperty(x => x.WebhookTries, x => x.WebhookTries ?? tries), cancellationToken);
        }

        // A run of some lists doubts what it touches, when it touches it.
        var distrust = only is { Count: > 0 } ? await MarkOf(db, source.Id).SingleOrDefaultAsync(cancellationToken) : await DistrustAsync(db, source.Id, cancellationToken);
        await dialect.SignalAsync(db, new ChangeSignal(SourceTopics.Run, runId), cancellationToken);
        await _abandoned.AppendAsync(db, abandoned, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new LeaseGrant(source.Id, runId, run.Number, source.Fence, source.ConnectorKey, source.Name, source.Settings, source.Host)
        {
            Distrust = distrust, Only = only ?? [],
        };
    }

    /// <summary>False when the lease is no longer ours.</summary>
    public async Task<bool> RenewAsync(LeaseGrant lease, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var until = await dialect.NowAsync(db, cancellationToken) + options.Lease;
        return await Held(db, lease).ExecuteUpdateAsync(s => s.SetProperty(x => x.LeaseUntil, until), cancellationToken) == 1;
    }

    /// <summary>The source, only while this lease holds it. An UPDATE through it locks the row until the transaction ends.</summary>
    public static IQueryable<Source> Held(GovernanceDb db, LeaseGrant lease) =>
        db.Set<Source>().Where(s => s.Id == lease.SourceId && s.Fence == lease.Fence && s.LeaseHolder != null);

    /// <summary>Leases that ran out without an end: fences their worker off, ends their runs as abandoned, and queues new ones.</summary>
    public async Task<int> TakeOverAsync(PollQueue queue, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await dialect.NowAsync(db, cancellationToken);
        var expired = await db.Set<Source>().AsNoTracking()
            .Where(s => s.LeaseHolder != null && s.LeaseUntil <= now)
            .OrderBy(s => s.LeaseUntil).Select(s => s.Id).Take(100).ToListAsync(cancellationToken);
        var count = 0;
        foreach (var id in expired)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var fenced = await db.Set<Source>().Where(s => s.Id == id && s.LeaseHolder != null && s.LeaseUntil <= now).ExecuteUpdateAsync(
                s => s.SetProperty(x => x.Fence, x => x.Fence + 1)
                    .SetProperty(x => x.LeaseHolder, (string?)null)
                    .SetProperty(x => x.LeaseUntil, (DateTimeOffset?)null),
                cancellationToken);
            if (fenced == 1)
            {
                var lost = await LostAsync(db, id, cancellationToken);
                var tries = await TriesAsync(db, id, cancellationToken);
                var abandoned = await _abandoned.EndAsync(db, RunningOf(db, id), Gone, now, cancellationToken);
                var run = await queue.AddAsync(db, id, PollTrigger.Takeover, TimeSpan.Zero, cancellationToken, lost, tries);
                await dialect.SignalAsync(db, new ChangeSignal(SourceTopics.Run, run.RunId), cancellationToken);
                await _abandoned.AppendAsync(db, abandoned, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                count++;
            }
        }

        return count;
    }

    private static IQueryable<PollRun> RunningOf(GovernanceDb db, Guid sourceId) =>
        db.Set<PollRun>().Where(r => r.SourceId == sourceId && r.State == PollState.Running);

    /// <summary>What the run of a worker that is gone was to read; null: everything. Of one that ended itself as it lost touch nobody knows.</summary>
    private static async Task<IReadOnlyList<ReadTarget>?> LostAsync(GovernanceDb db, Guid sourceId, CancellationToken cancellationToken)
    {
        var targets = await RunningOf(db, sourceId).Select(r => r.Targets).ToListAsync(cancellationToken);
        return targets.Count == 0 ? null : targets.Select(ReadTarget.Read).Aggregate(ReadTarget.Union);
    }

    /// <summary>A delivery that asked a run for everything still asks when its worker is gone.</summary>
    private static Task<int?> TriesAsync(GovernanceDb db, Guid sourceId, CancellationToken cancellationToken) =>
        RunningOf(db, sourceId).MaxAsync(r => r.WebhookTries, cancellationToken);

    private static IQueryable<string> MarkOf(GovernanceDb db, Guid sourceId) =>
        db.Set<SourceMemory>().Where(m => m.SourceId == sourceId && m.Key == SourceMemory.DistrustKey).Select(m => m.Value);

    /// <summary>
    /// From now on, until this run ends well, what earlier runs kept proves nothing: whoever comes after a run that was killed, held
    /// or cancelled finds rows in the inventory that are newer than any entity tag. Returns what it was worth until now.
    /// </summary>
    private static async Task<string?> DistrustAsync(GovernanceDb db, Guid sourceId, CancellationToken cancellationToken)
    {
        var mark = db.Set<SourceMemory>().Where(m => m.SourceId == sourceId && m.Key == SourceMemory.DistrustKey);
        var before = await MarkOf(db, sourceId).SingleOrDefaultAsync(cancellationToken);
        if (before is null)
        {
            db.Add(new SourceMemory { SourceId = sourceId, Key = SourceMemory.DistrustKey, Value = SourceMemory.Everything });
            await db.SaveChangesAsync(cancellationToken);
        }
        else if (before != SourceMemory.Everything)
        {
            await mark.ExecuteUpdateAsync(m => m.SetProperty(x => x.Value, SourceMemory.Everything), cancellationToken);
        }

        return before;
    }
}
