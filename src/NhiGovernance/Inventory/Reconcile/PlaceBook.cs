using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>A place's row and whose it was when this run met it.</summary>
internal readonly record struct KnownPlace(Guid Id, Guid? TeamId, string Path);

/// <summary>The places that a run meets: looked up once, inserted and mapped when they are new.</summary>
internal sealed class PlaceBook(IDialect dialect, IPlaceMapper mapper, TimeProvider clock)
{
    private static readonly string[] Key = ["kind", "path"];
    private readonly Dictionary<PlaceReference, KnownPlace> _known = [];

    public static PlaceReference Of(PlaceReference place) => new(Clean.Text(place.Kind, 40), Clean.Key(place.Path, 400));

    /// <summary>Only for places that <see cref="MeetAsync"/> met.</summary>
    public KnownPlace this[PlaceReference place] => _known[Of(place)];

    /// <summary>What places are called where one is told from another: by their path, and where two have the same, by their kind too.</summary>
    public static async Task<Dictionary<Guid, string>> PathsAsync(GovernanceDb db, Guid[] ids, CancellationToken cancellationToken)
    {
        var places = await db.Set<Place>().AsNoTracking().Where(p => ids.Contains(p.Id)).Select(p => new { p.Id, p.Kind, p.Path }).ToListAsync(cancellationToken);
        var namesakes = places.ToLookup(p => p.Path, StringComparer.Ordinal);
        return places.ToDictionary(p => p.Id, p => namesakes[p.Path].Skip(1).Any() ? $"{p.Path} ({p.Kind})" : p.Path);
    }

    public async Task MeetAsync(GovernanceDb db, IEnumerable<PlaceReference> places, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var wanted = places.Select(Of).Distinct().Where(p => !_known.ContainsKey(p)).ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        await LookUpAsync(db, wanted, cancellationToken);
        var missing = wanted.Where(p => !_known.ContainsKey(p))
            .Select(p => new Place { Id = Ids.New(clock), Kind = p.Kind, Path = p.Path, FirstSeenAt = now }).ToArray();
        if (missing.Length == 0)
        {
            return;
        }

        // Another source may be inserting the same place; whoever is first wins, and the rows are read again.
        // In one order for all, so that two first polls that meet the same places wait for each other and do not deadlock.
        Array.Sort(missing, (a, b) => string.CompareOrdinal($"{a.Kind} {a.Path}", $"{b.Kind} {b.Path}"));
        await new Bulk(db, dialect).MergeAsync(missing, Key, [], cancellationToken);
        var added = missing.Select(p => new PlaceReference(p.Kind, p.Path)).ToList();
        await LookUpAsync(db, added, cancellationToken);
        await mapper.MapAsync(db, added.ConvertAll(p => _known[p].Id), cancellationToken);
        await LookUpAsync(db, added, cancellationToken);
    }

    /// <summary>
    /// Rules may have changed while the run went on; then what it wrote with an older team is put right, with a change each. Returns
    /// whom that concerned.
    /// </summary>
    /// <param name="everything">
    /// True after a run that died: what that one wrote with an older team nobody put right, and this one may not have written anew.
    /// </param>
    public async Task<List<TeamMove>> SettleAsync(GovernanceDb db, RunTicket run, bool everything, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var all = db.Set<Identity>().Where(i => i.SourceId == run.SourceId);
        if (everything)
        {
            return await TeamMoves.FollowAsync(db, dialect, clock, all, run, at, cancellationToken);
        }

        var moved = new List<TeamMove>();
        foreach (var batch in _known.Values.DistinctBy(p => p.Id).Chunk(5_000))
        {
            var then = batch.ToDictionary(p => p.Id, p => p.TeamId);
            var ids = then.Keys.ToArray();
            var now = await db.Set<Place>().AsNoTracking().Where(p => ids.Contains(p.Id)).Select(p => new { p.Id, p.TeamId }).ToListAsync(cancellationToken);
            var stale = now.Where(p => p.TeamId != then[p.Id]).Select(p => p.Id).ToArray();
            if (stale.Length > 0)
            {
                moved.AddRange(await TeamMoves.FollowAsync(db, dialect, clock, all.Where(i => stale.Contains(i.PlaceId)), run, at, cancellationToken));
            }
        }

        return moved;
    }

    private async Task LookUpAsync(GovernanceDb db, IReadOnlyCollection<PlaceReference> places, CancellationToken cancellationToken)
    {
        foreach (var kind in places.GroupBy(p => p.Kind, StringComparer.Ordinal))
        {
            var paths = kind.Select(p => p.Path).ToArray();
            var rows = await db.Set<Place>().AsNoTracking().Where(p => p.Kind == kind.Key && paths.Contains(p.Path))
                .Select(p => new { p.Id, p.Path, p.TeamId }).ToListAsync(cancellationToken);
            foreach (var row in rows)
            {
                _known[new PlaceReference(kind.Key, row.Path)] = new KnownPlace(row.Id, row.TeamId, row.Path);
            }
        }
    }
}
