using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.Mapping;

/// <summary>
/// Decides in C# over places, writes set-based: some places change, and the identities in them follow in one statement.
/// One lock orders all mapping, so that a poll's new places never miss a rule that is being saved.
/// </summary>
internal sealed class PlaceMapper(IDialect dialect, IEnumerable<IPlaceFollowers> followers) : IPlaceMapper
{
    public const string Lock = "catalogue-mapping";

    private const int Batch = 5_000;

    private static readonly StagedColumn[] PlaceColumns = [new("id", typeof(Guid)), new("service_id", typeof(Guid)), new("team_id", typeof(Guid))];
    private static readonly StagedColumn[] EnvironmentColumns = [new("place_id", typeof(Guid)), new("environment_id", typeof(Guid))];
    private static readonly string[] EnvironmentKey = ["place_id", "environment_id"];

    public async Task<MappingEffect> MapAsync(GovernanceDb db, IReadOnlyCollection<Guid> places, CancellationToken cancellationToken)
    {
        await dialect.LockAsync(db, Lock, cancellationToken);
        var mapping = await LoadAsync(db, cancellationToken);
        var effect = new MappingEffect(0, 0);
        foreach (var ids in places.Chunk(Batch))
        {
            var rows = await db.Set<Place>().AsNoTracking().Where(p => ids.Contains(p.Id)).ToListAsync(cancellationToken);
            effect = Sum(effect, await WriteAsync(db, mapping, rows, cancellationToken));
        }

        return effect;
    }

    public async Task<MappingEffect> MapAllAsync(GovernanceDb db, IReadOnlyCollection<string>? kinds, CancellationToken cancellationToken)
    {
        await dialect.LockAsync(db, Lock, cancellationToken);
        var mapping = await LoadAsync(db, cancellationToken);
        var effect = new MappingEffect(0, 0);
        foreach (var kind in kinds ?? PlaceKinds.All)
        {
            var after = string.Empty;
            while (true)
            {
                var from = after;
#pragma warning disable CA1309 // Translated to the database's own order, which is also the order of the page.
                var rows = await db.Set<Place>().AsNoTracking()
                    .Where(p => p.Kind == kind && string.Compare(p.Path, from) > 0)
                    .OrderBy(p => p.Path).Take(Batch).ToListAsync(cancellationToken);
#pragma warning restore CA1309
                if (rows.Count == 0)
                {
                    break;
                }

                effect = Sum(effect, await WriteAsync(db, mapping, rows, cancellationToken));
                after = rows[^1].Path;
            }
        }

        return effect;
    }

    internal static async Task<PlaceMapping> LoadAsync(GovernanceDb db, CancellationToken cancellationToken)
    {
        var services = await db.Set<Service>().AsNoTracking()
            .Join(db.Set<MappingRule>(), s => s.Id, r => r.ServiceId,
                (s, r) => new { s.Id, s.Key, s.Name, s.TeamId, r.PlaceKind, r.Pattern })
            .ToListAsync(cancellationToken);
        var environments = await db.Set<MappingRule>().AsNoTracking().Where(r => r.EnvironmentId != null)
            .Select(r => new { Id = r.EnvironmentId!.Value, r.PlaceKind, r.Pattern })
            .ToListAsync(cancellationToken);
        return new PlaceMapping(
            services.Select(s => (new MappedService(s.Id, s.Key, s.Name, s.TeamId), new RuleInput(s.PlaceKind, s.Pattern))),
            environments.Select(e => (e.Id, new RuleInput(e.PlaceKind, e.Pattern))));
    }

    private async Task<MappingEffect> WriteAsync(GovernanceDb db, PlaceMapping mapping, List<Place> places, CancellationToken cancellationToken)
    {
        var ids = places.Select(p => p.Id).ToArray();
        var known = (await db.Set<PlaceEnvironment>().AsNoTracking().Where(e => ids.Contains(e.PlaceId)).ToListAsync(cancellationToken))
            .ToLookup(e => e.PlaceId, e => e.EnvironmentId);
        List<object?[]> belongings = [], teams = [], added = [], removed = [];
        var touched = 0;
        foreach (var place in places)
        {
            var now = mapping.Of(place.Kind, place.Path);
            var moved = now.ServiceId != place.ServiceId || now.TeamId != place.TeamId;
            if (moved)
            {
                belongings.Add([place.Id, now.ServiceId, now.TeamId]);
            }

            if (now.TeamId != place.TeamId)
            {
                teams.Add([place.Id, now.ServiceId, now.TeamId]);
            }

            var before = known[place.Id].ToHashSet();
            var more = now.Environments.Where(e => !before.Contains(e)).ToList();
            var less = before.Where(e => !now.Environments.Contains(e)).ToList();
            added.AddRange(more.Select(e => new object?[] { place.Id, e }));
            removed.AddRange(less.Select(e => new object?[] { place.Id, e }));
            touched += moved || more.Count > 0 || less.Count > 0 ? 1 : 0;
        }

        await WriteBelongingsAsync(db, belongings, cancellationToken);
        await WriteEnvironmentsAsync(db, added, removed, cancellationToken);
        return new MappingEffect(touched, await FollowAsync(db, teams, cancellationToken));
    }

    private async Task WriteBelongingsAsync(GovernanceDb db, List<object?[]> rows, CancellationToken cancellationToken)
    {
        if (rows.Count > 0)
        {
            var staged = await dialect.StageAsync(db, "mapped_places", PlaceColumns, rows, cancellationToken);
            var sql = $"UPDATE places SET service_id = s.service_id, team_id = s.team_id FROM {staged} s WHERE places.id = s.id";
            await db.Database.ExecuteSqlRawAsync(sql, cancellationToken);
        }
    }

    private async Task WriteEnvironmentsAsync(GovernanceDb db, List<object?[]> added, List<object?[]> removed, CancellationToken cancellationToken)
    {
        if (removed.Count > 0)
        {
            var staged = await dialect.StageAsync(db, "left_environments", EnvironmentColumns, removed, cancellationToken);
            var sql = $"DELETE FROM place_environments WHERE EXISTS (SELECT 1 FROM {staged} s "
                + "WHERE s.place_id = place_environments.place_id AND s.environment_id = place_environments.environment_id)";
            await db.Database.ExecuteSqlRawAsync(sql, cancellationToken);
        }

        if (added.Count > 0)
        {
            var staged = await dialect.StageAsync(db, "joined_environments", EnvironmentColumns, added, cancellationToken);
            await dialect.MergeAsync(db, staged, "place_environments", EnvironmentKey, EnvironmentKey, [], cancellationToken);
        }
    }

    private async Task<int> FollowAsync(GovernanceDb db, List<object?[]> teams, CancellationToken cancellationToken)
    {
        if (teams.Count == 0)
        {
            return 0;
        }

        var staged = await dialect.StageAsync(db, "moved_places", PlaceColumns, teams, cancellationToken);
        var places = teams.ConvertAll(t => (Guid)t[0]!);
        var moved = 0;
        foreach (var follower in followers)
        {
            moved += await follower.FollowAsync(db, staged, places, cancellationToken);
        }

        return moved;
    }

    private static MappingEffect Sum(MappingEffect a, MappingEffect b) => new(a.Places + b.Places, a.Moved + b.Moved);
}
