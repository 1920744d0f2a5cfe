using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Reconcile;
using NhiGovernance.Sources;

namespace NhiGovernance.Inventory;

public sealed record HeldRunRequest(Guid RunId);

/// <param name="Count">How many went missing by it, or were let be.</param>
public sealed record HeldRunResult(long Count);

/// <summary>A person says that what a held run did not list is really gone; what was seen since is not.</summary>
public sealed class ReleaseHeldRun(CommandDoor door, IDialect dialect, EndLeavers leavers, TimeProvider clock) : Command<HeldRunRequest, HeldRunResult>(door)
{
    public override Permission Permission => Permission.ReleaseHeldRun;

    protected override async Task<Result<HeldRunResult>> ApplyAsync(HeldRunRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var run = await HeldRunReader.FindAsync(db, request.RunId, cancellationToken);
        if (!run.IsOk)
        {
            return run.Error;
        }

        var held = await db.Set<HeldDisappearance>().AsNoTracking().Where(h => h.RunId == request.RunId)
            .Select(h => new { h.SubjectKind, h.SubjectId }).ToListAsync(cancellationToken);
        var records = new List<AuditRecord>();
        var disappearance = new Disappearance(db, dialect, leavers, records, clock, context.Now);
        var count = 0L;
        foreach (var kind in held.GroupBy(h => h.SubjectKind, h => h.SubjectId, StringComparer.Ordinal))
        {
            var table = ObservedTables.Of(kind.Key);
            foreach (var ids in kind.Chunk(5_000))
            {
                var rows = await table.PresentOfAsync(db, ids, cancellationToken);
                await disappearance.MissAsync(table, rows, request.RunId, cancellationToken);
                count += rows.Count;
            }
        }

        await db.Set<HeldDisappearance>().Where(h => h.RunId == request.RunId).ExecuteDeleteAsync(cancellationToken);
        await HeldRuns.SettleAsync(db, run.Value, $"A person released the {run.Value.HeldBack} disappearances that were held back; {count} went missing.", cancellationToken);
        run.Value.WentMissing += count;
        context.AuditAll(records);
        context.Audit("run.release", "poll-run", request.RunId, new { run.Value.HeldBack }, new { WentMissing = count }, $"{count} things went missing");
        context.Signal("inventory", run.Value.SourceId);
        context.Signal("poll-run", request.RunId);
        return new HeldRunResult(count);
    }
}

/// <summary>A person says that a held run's absences mean nothing. The next complete run judges anew.</summary>
public sealed class DiscardHeldRun(CommandDoor door) : Command<HeldRunRequest, HeldRunResult>(door)
{
    public override Permission Permission => Permission.ReleaseHeldRun;

    protected override async Task<Result<HeldRunResult>> ApplyAsync(HeldRunRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var run = await HeldRunReader.FindAsync(context.Db, request.RunId, cancellationToken);
        if (!run.IsOk)
        {
            return run.Error;
        }

        var count = await context.Db.Set<HeldDisappearance>().Where(h => h.RunId == request.RunId).ExecuteDeleteAsync(cancellationToken);
        await HeldRuns.SettleAsync(context.Db, run.Value, $"A person discarded the {run.Value.HeldBack} disappearances that were held back.", cancellationToken);
        context.Audit("run.discard", "poll-run", request.RunId, new { run.Value.HeldBack }, null, $"{count} disappearances discarded");
        context.Signal("poll-run", request.RunId);
        return new HeldRunResult(count);
    }
}

internal static class HeldRunReader
{
    /// <summary>The run, held, and locked against a run of its source that would judge at the same moment.</summary>
    public static async Task<Result<PollRun>> FindAsync(GovernanceDb db, Guid runId, CancellationToken cancellationToken)
    {
        var run = await db.Set<PollRun>().AsTracking().SingleOrDefaultAsync(r => r.Id == runId, cancellationToken);
        if (run is null)
        {
            return new Error.NotFound("This run");
        }

        await db.Set<Source>().Where(s => s.Id == run.SourceId)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.Fence, s => s.Fence), cancellationToken);
        await db.Entry(run).ReloadAsync(cancellationToken);
        return run.State == PollState.Held
            ? run
            : new Error.Conflict("This run holds nothing back any more: it was released, discarded, or a later run was judged.");
    }
}
