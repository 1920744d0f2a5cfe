using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Reconcile;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <summary>Identities follow their place to its team, unless a person assigned one.</summary>
internal sealed class PlaceFollowers(IDialect dialect, TimeProvider clock) : IPlaceFollowers
{
    public async Task<int> FollowAsync(GovernanceDb db, string stagedPlaces, IReadOnlyCollection<Guid> places, CancellationToken cancellationToken)
    {
        // The places themselves have their new team already.
        var ids = places.ToArray();
        var moves = await TeamMoves.Of(db, db.Set<Identity>().Where(i => ids.Contains(i.PlaceId))).ToListAsync(cancellationToken);
        if (moves.Count == 0)
        {
            return 0;
        }

        var sql = $"UPDATE identities SET team_id = s.team_id FROM {stagedPlaces} s "
            + "WHERE identities.place_id = s.id AND identities.assigned_team_id IS NULL AND (identities.team_id <> s.team_id "
            + "OR (identities.team_id IS NULL AND s.team_id IS NOT NULL) OR (identities.team_id IS NOT NULL AND s.team_id IS NULL))";
        var moved = await db.Database.ExecuteSqlRawAsync(sql, cancellationToken);
        await TeamMoves.TellAsync(db, dialect, clock, moves, moved, null, await dialect.NowAsync(db, cancellationToken), cancellationToken);
        return moved;
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
