using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Lists;

/// <summary>One identity in a list.</summary>
/// <param name="Id">Id of the identity.</param>
/// <param name="Name">In the vendor's words.</param>
/// <param name="Kind">What kind of principal it is.</param>
/// <param name="Provider">The connector's key: "github".</param>
/// <param name="SourceId">The source that reads it.</param>
/// <param name="SourceName">That source's name.</param>
/// <param name="PlaceKind">What kind of place it lives in: "repository".</param>
/// <param name="PlacePath">That place, in the vendor's words: "acme/ledger".</param>
/// <param name="Url">Its page at the vendor; null: it has none that we know.</param>
/// <param name="Presence">Whether its list still shows it.</param>
/// <param name="Disabled">The vendor says that it cannot act now.</param>
/// <param name="AltersRelease">Holds a grant that can change what is shipped.</param>
/// <param name="Privileged">Holds a grant that administers: owner, admin, secrets or members.</param>
/// <param name="Team">Who answers for it: the team that a person assigned, or else that of its place. Null: nobody.</param>
/// <param name="LastUsed">When it was last used, or why that is not known.</param>
/// <param name="Expires">The earliest of its own and of its present credentials.</param>
/// <param name="Credentials">How many credentials of it are present.</param>
/// <param name="FirstSeenAt">When a run first saw it.</param>
/// <param name="LastSeenAt">By a complete read of its list; null while that never was.</param>
/// <param name="MissingSince">Since when its list is without it; null: it is not missing.</param>
public sealed record IdentityRow(
    Guid Id,
    string Name,
    IdentityKind Kind,
    string Provider,
    Guid SourceId,
    string SourceName,
    string PlaceKind,
    string PlacePath,
    string? Url,
    [property: JsonPropertyName("state")] Presence Presence,
    bool Disabled,
    bool AltersRelease,
    bool Privileged,
    TeamRef? Team,
    KnownValue LastUsed,
    KnownValue Expires,
    int Credentials,
    DateTimeOffset FirstSeenAt,
    DateTimeOffset? LastSeenAt,
    DateTimeOffset? MissingSince)
{
    /// <summary>The service that its place belongs to; null: none.</summary>
    public CatalogueName? Service { get; init; }

    /// <summary>That service's product; null: none.</summary>
    public CatalogueName? Product { get; init; }

    /// <summary>The environments that its place belongs to.</summary>
    public IReadOnlyList<CatalogueName> Environments { get; init; } = [];
}

/// <param name="Id">Id of the team.</param>
/// <param name="Key">Names it in addresses and filters.</param>
/// <param name="Name">As people read it.</param>
public sealed record TeamRef(Guid Id, string Key, string Name);

/// <summary>Turns a page of entities into rows, with the few sources, places, teams and scopes that it names.</summary>
internal static class IdentityRowReader
{
    public static async Task<IReadOnlyList<IdentityRow>> ReadAsync(
        GovernanceDb db, IReadOnlyList<Identity> page, CancellationToken cancellationToken)
    {
        var (sourceIds, placeIds) = (Ids(page, i => i.SourceId), Ids(page, i => i.PlaceId));
        var (scopeIds, teamIds) = (Ids(page, i => i.ScopeId), page.Where(i => i.TeamId != null).Select(i => i.TeamId!.Value).Distinct().ToArray());
        var sources = await db.Set<Source>().AsNoTracking().Where(s => sourceIds.Contains(s.Id))
            .Select(s => new { s.Id, s.Name }).ToDictionaryAsync(s => s.Id, s => s.Name, cancellationToken);
        var places = await PlaceNames.ReadAsync(db, placeIds, cancellationToken);
        var scopes = await db.Set<SourceScope>().AsNoTracking().Where(s => scopeIds.Contains(s.Id))
            .Select(s => new { s.Id, s.LastCompleteAt }).ToDictionaryAsync(s => s.Id, s => s.LastCompleteAt, cancellationToken);
        var teams = teamIds.Length == 0 ? [] : await db.Set<Team>().AsNoTracking().Where(t => teamIds.Contains(t.Id))
            .Select(t => new TeamRef(t.Id, t.Key, t.Name)).ToDictionaryAsync(t => t.Id, cancellationToken);
        return page.Select(i =>
        {
            var place = places.GetValueOrDefault(i.PlaceId);
            var facts = InventoryJson.ReadFacts(i.Facts);
            return new IdentityRow(
                i.Id, i.Name, i.Kind, i.Provider, i.SourceId, sources.GetValueOrDefault(i.SourceId, string.Empty),
                place?.Kind ?? string.Empty, place?.Path ?? string.Empty, i.Url, i.Presence, i.Disabled, i.AltersRelease, i.Privileged,
                i.TeamId is { } team ? teams.GetValueOrDefault(team) : null,
                facts.Fact("lastUsedAt"), Expiry(i, facts), i.Credentials, i.FirstSeenAt,
                LastSeen(i, scopes.GetValueOrDefault(i.ScopeId)), i.MissingSince)
            {
                Service = place?.Service, Product = place?.Product, Environments = place?.Environments ?? [],
            };
        }).ToArray();
    }

    public static KnownValue Expiry(Identity identity, IReadOnlyDictionary<string, KnownValue> facts) =>
        identity.ExpiresAt is { } at ? KnownValue.Of(at) : facts.Fact("expiresAt");

    /// <summary>Unchanged rows are not written by a run: while present, they were seen when their scope was last read to its end.</summary>
    public static DateTimeOffset? LastSeen(IObserved row, DateTimeOffset? scopeComplete) => row.Presence switch
    {
        Presence.Present or Presence.NotCovered => scopeComplete is { } at && at > row.ChangedAt ? at : row.ChangedAt,
        _ => row.MissingSince is { } missing && row.ChangedAt < missing ? row.ChangedAt : null,
    };

    private static Guid[] Ids(IReadOnlyList<Identity> page, Func<Identity, Guid> id) => page.Select(id).Distinct().ToArray();
}
