using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Lists;

/// <summary>One identity in a list.</summary>
/// <param name="LastSeenAt">By a complete read of its list; null while that never was.</param>
/// <param name="Expires">The earliest of its own and of its present credentials.</param>
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
    public CatalogueName? Service { get; init; }

    public CatalogueName? Product { get; init; }

    public IReadOnlyList<CatalogueName> Environments { get; init; } = [];
}

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
