using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <summary>Identities follow their place to its team, unless a person assigned one.</summary>
internal sealed class PlaceFollowers : IPlaceFollowers
{
    public Task<int> FollowAsync(GovernanceDb db, string stagedPlaces, CancellationToken cancellationToken)
    {
        var sql = $"UPDATE identities SET team_id = s.team_id FROM {stagedPlaces} s "
            + "WHERE identities.place_id = s.id AND identities.assigned_team_id IS NULL";
        return db.Database.ExecuteSqlRawAsync(sql, cancellationToken);
    }

    // A place may still name the team itself: then it has none.
    public Task<int> ForgetTeamAsync(GovernanceDb db, Guid team, CancellationToken cancellationToken)
    {
        var places = db.Set<Place>();
        return db.Set<Identity>().Where(i => i.Presence == Presence.Retired && (i.TeamId == team || i.AssignedTeamId == team)).ExecuteUpdateAsync(
            set => set.SetProperty(i => i.AssignedTeamId, (Guid?)null)
                .SetProperty(i => i.TeamId, i => places.Where(p => p.Id == i.PlaceId && p.TeamId != team).Select(p => p.TeamId).FirstOrDefault()),
            cancellationToken);
    }

    public IQueryable<PlaceFollower> Present(GovernanceDb db) =>
        db.Set<Identity>().Where(i => i.Presence != Presence.Retired)
            .Select(i => new PlaceFollower { PlaceId = i.PlaceId, TeamId = i.TeamId, IsAssigned = i.AssignedTeamId != null });
}
