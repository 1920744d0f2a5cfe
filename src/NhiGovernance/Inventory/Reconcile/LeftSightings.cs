using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>A run removes its sightings as it ends; one that was killed does not.</summary>
internal sealed class LeftSightings : IRunRemnants
{
    public async Task<long> RemoveAsync(GovernanceDb db, CancellationToken cancellationToken) =>
        await db.Set<RunSighting>().Where(s => !db.Set<PollRun>().Any(r => r.Id == s.RunId && r.State == PollState.Running))
            .ExecuteDeleteAsync(cancellationToken);
}
