using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>An identity that follows its place from one team to another. A mapping may move hundreds of thousands: no more is kept of each.</summary>
internal readonly record struct TeamMove(Guid Id, Guid? From, Guid? To);

/// <summary>Identities whose place has another team than they have, and the line of their time-line when they follow.</summary>
internal static class TeamMoves
{
    private const int Chunk = 5_000;

    /// <summary>Those of the identities that are to follow: whom a person gave to a team stays there.</summary>
    public static IQueryable<TeamMove> Of(GovernanceDb db, IQueryable<Identity> identities) =>
        from identity in identities
        join place in db.Set<Place>() on identity.PlaceId equals place.Id
        where identity.AssignedTeamId == null && identity.TeamId != place.TeamId
        select new TeamMove(identity.Id, identity.TeamId, place.TeamId);

    /// <summary>Has them follow, with a change each. Returns who did. Nothing is written for those that stand right.</summary>
    public static async Task<List<TeamMove>> FollowAsync(
        GovernanceDb db, IDialect dialect, TimeProvider clock, IQueryable<Identity> identities, RunTicket run, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var moves = await Of(db, identities).ToListAsync(cancellationToken);
        if (moves.Count == 0)
        {
            return moves;
        }

        var places = db.Set<Place>();
        var moved = await identities
            .Where(i => i.AssignedTeamId == null && i.TeamId != places.Where(p => p.Id == i.PlaceId).Select(p => p.TeamId).FirstOrDefault())
            .ExecuteUpdateAsync(
                set => set.SetProperty(i => i.TeamId, i => places.Where(p => p.Id == i.PlaceId).Select(p => p.TeamId).FirstOrDefault()),
                cancellationToken);
        return await TellAsync(db, dialect, clock, moves, moved, run.RunId, now, cancellationToken);
    }

    /// <summary>Writes a change for each that followed, and returns those.</summary>
    /// <param name="moves">Who was to follow, as read before the update.</param>
    /// <param name="moved">How many rows the update wrote.</param>
    /// <param name="runId">Null when no run did it.</param>
    public static async Task<List<TeamMove>> TellAsync(
        GovernanceDb db, IDialect dialect, TimeProvider clock, List<TeamMove> moves, int moved, Guid? runId, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (moved != moves.Count)
        {
            // Between the reading and the update a person assigned a team to some: they did not follow.
            var followed = new HashSet<Guid>();
            foreach (var chunk in moves.Chunk(Chunk))
            {
                var ids = Array.ConvertAll(chunk, m => m.Id);
                followed.UnionWith(await db.Set<Identity>().Where(i => ids.Contains(i.Id) && i.AssignedTeamId == null).Select(i => i.Id).ToListAsync(cancellationToken));
            }

            moves = moves.FindAll(m => followed.Contains(m.Id));
        }

        var teams = moves.Select(m => m.From).Concat(moves.Select(m => m.To)).Where(t => t.HasValue).Select(t => t!.Value).Distinct().ToArray();
        var names = await db.Set<Team>().Where(t => teams.Contains(t.Id)).Select(t => new { t.Id, t.Name }).ToDictionaryAsync(t => t.Id, t => t.Name, cancellationToken);

        // Few teams and many identities: each name is written as JSON once.
        var said = teams.ToDictionary(t => t, t => InventoryJson.WriteValue(KnownValue.Of(names.GetValueOrDefault(t, t.ToString()))));
        var nobody = InventoryJson.WriteValue(KnownValue.Never());
        string Said(Guid? team) => team is { } id ? said[id] : nobody;
        await new Bulk(db, dialect).LoadAsync(
            moves.Select(m => new InventoryChange
            {
                Id = Ids.New(clock), SubjectKind = "identity", SubjectId = m.Id, IdentityId = m.Id, Kind = ChangeKind.TeamAssigned,
                Subject = InventoryChange.TeamByPlace, Before = Said(m.From), After = Said(m.To), RunId = runId, At = now,
            }),
            cancellationToken);
        return moves;
    }
}
