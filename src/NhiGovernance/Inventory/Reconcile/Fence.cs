using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources;

namespace NhiGovernance.Inventory.Reconcile;

internal static class Fence
{
    /// <summary>
    /// Checks, in the batch's own transaction, that this run still holds its source, and returns the database's clock. Writing the
    /// fence onto itself locks the row: a take-over waits until this transaction ends, and a batch that waited for a take-over
    /// sees the new fence.
    /// </summary>
    /// <exception cref="LeaseLostException">Another worker took over, or the lease ran out.</exception>
    public static async Task<DateTimeOffset> HoldAsync(GovernanceDb db, IDialect dialect, RunTicket run, CancellationToken cancellationToken)
    {
        var now = await dialect.NowAsync(db, cancellationToken);
        var held = await db.Set<Source>()
            .Where(s => s.Id == run.SourceId && s.Fence == run.Fence && s.LeaseUntil > now)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.Fence, s => s.Fence), cancellationToken);
        return held == 1 ? now : throw new LeaseLostException();
    }

    /// <summary>
    /// As a transaction's last statement: a batch that took longer than the lease would otherwise end with one that ran out, though
    /// nobody could have taken the source while it held the row.
    /// </summary>
    public static async Task RenewAsync(GovernanceDb db, IDialect dialect, RunTicket run, CancellationToken cancellationToken)
    {
        var until = await dialect.NowAsync(db, cancellationToken) + run.Lease;
        await db.Set<Source>().Where(s => s.Id == run.SourceId && s.LeaseUntil < until)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.LeaseUntil, until), cancellationToken);
    }
}
