using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>Disappearances that wait for a person.</summary>
internal static class HeldRuns
{
    /// <summary>What a later run sees is no longer absent.</summary>
    public static async Task ForgetSeenAsync(GovernanceDb db, Guid sourceId, Guid[] seen, CancellationToken cancellationToken)
    {
        var held = db.Set<HeldDisappearance>();
        if (seen.Length > 0 && await held.AnyAsync(h => h.SourceId == sourceId, cancellationToken))
        {
            await held.Where(h => h.SourceId == sourceId && seen.Contains(h.SubjectId)).ExecuteDeleteAsync(cancellationToken);
        }
    }

    /// <summary>Whether a person has yet to decide about something of this source.</summary>
    public static Task<bool> AreOpenAsync(GovernanceDb db, Guid sourceId, CancellationToken cancellationToken) =>
        db.Set<HeldDisappearance>().AnyAsync(h => h.SourceId == sourceId, cancellationToken);

    public static async Task SupersedeAsync(GovernanceDb db, RunTicket by, CancellationToken cancellationToken)
    {
        await db.Set<HeldDisappearance>().Where(h => h.SourceId == by.SourceId).ExecuteDeleteAsync(cancellationToken);
        var held = await db.Set<PollRun>().AsTracking()
            .Where(r => r.SourceId == by.SourceId && r.Id != by.RunId && r.State == PollState.Held).ToListAsync(cancellationToken);
        foreach (var run in held)
        {
            await SettleAsync(db, run, "A later run was judged before anybody released or discarded what this one held back.", cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The state that the run would have had without the brake, also for the source if it is its last, and a line about what was done.</summary>
    public static async Task SettleAsync(GovernanceDb db, PollRun run, string note, CancellationToken cancellationToken)
    {
        run.State = run is { ScopesDenied: 0, ScopesFailed: 0 } ? PollState.Complete : PollState.Partial;
        run.Notes = Clean.Text(string.IsNullOrEmpty(run.Notes) ? note : $"{run.Notes}\n{note}", 4_000);
        var state = run.State;
        await db.Set<Source>().Where(s => s.Id == run.SourceId && s.LastRunId == run.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.LastState, state), cancellationToken);
    }
}
