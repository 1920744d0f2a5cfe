using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.Teams;

/// <summary>
/// Whoever gives something to a team and whoever removes the team take turns: no identity and no token belongs to a team that went at
/// the same moment.
/// </summary>
internal static class TeamHold
{
    /// <summary>Until the current transaction ends. False when the team is not there.</summary>
    public static async Task<bool> TakeAsync(GovernanceDb db, Guid team, CancellationToken cancellationToken) =>
        await db.Set<Team>().Where(t => t.Id == team).ExecuteUpdateAsync(set => set.SetProperty(t => t.Name, t => t.Name), cancellationToken) == 1;
}
