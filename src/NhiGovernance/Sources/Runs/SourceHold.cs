using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;

namespace NhiGovernance.Sources.Runs;

/// <summary>The lock that serializes whatever concerns one source's runs. A transaction that needs it takes it before any other row of the source.</summary>
internal static class SourceHold
{
    /// <summary>Writes the row onto itself, which holds it until the transaction ends. False when there is no such source.</summary>
    public static async Task<bool> TakeAsync(GovernanceDb db, Guid sourceId, CancellationToken cancellationToken) =>
        await db.Set<Source>().Where(s => s.Id == sourceId)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.Fence, x => x.Fence), cancellationToken) == 1;
}
