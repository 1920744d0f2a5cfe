using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Data;
using NhiGovernance.Inventory;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Catalogue;

/// <summary>Places with identities in them, written straight into the database as a poll would leave them.</summary>
internal static class CatalogueSeed
{
    public static async Task<IReadOnlyList<Place>> AddPlacesAsync(
        IDbContextFactory<GovernanceDb> contexts, int identitiesEach, params IEnumerable<(string Kind, string Path)> places)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync();
        var source = new Source
        {
            Id = Ids.New(TimeProvider.System), ConnectorKey = "file", Name = $"seed {Ids.New(TimeProvider.System)}", Settings = "{}", Host = "", CreatedAt = now,
        };
        db.Add(source);
        var scope = new SourceScope { Id = Ids.New(TimeProvider.System), SourceId = source.Id, Kind = "identities", Key = "seed", Place = "seed" };
        db.Add(scope);
        var rows = places.Select(p => new Place { Id = Ids.New(TimeProvider.System), Kind = p.Kind, Path = p.Path, FirstSeenAt = now }).ToList();
        db.AddRange(rows);
        foreach (var place in rows)
        {
            for (var i = 0; i < identitiesEach; i++)
            {
                db.Add(Identity(source.Id, scope.Id, place, i, now));
            }
        }

        await db.SaveChangesAsync();
        return rows;
    }

    private static Identity Identity(Guid source, Guid scope, Place place, int number, DateTimeOffset now) => new()
    {
        Id = Ids.New(TimeProvider.System),
        SourceId = source,
        ScopeId = scope,
        PlaceId = place.Id,
        NaturalKey = $"{place.Kind}/{place.Path}/{number}",
        Kind = IdentityKind.DeployKey,
        Provider = "file",
        Name = $"key {number}",
        SortName = $"key {number}",
        SearchText = $"key {number} {place.Path}",
        LastUsedState = Knowledge.NotExposed,
        ExpiresState = Knowledge.NotExposed,
        Facts = "{}",
        Grants = "[]",
        JoinKeys = "[]",
        ContentHash = new byte[32],
        FirstSeenAt = now,
        FirstRunId = source,
        ChangedAt = now,
        ChangedRunId = source,
    };
}
