using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Resources;

/// <summary>One resource in a list.</summary>
/// <param name="Id">Id of the resource.</param>
/// <param name="Name">In the vendor's words.</param>
/// <param name="Kind">What kind of thing it is.</param>
/// <param name="SourceId">The source that reads it.</param>
/// <param name="SourceName">That source's name.</param>
/// <param name="Provider">The connector's key: "github".</param>
/// <param name="PlaceKind">What kind of place it lives in: "repository".</param>
/// <param name="PlacePath">That place, in the vendor's words: "acme/ledger".</param>
/// <param name="Url">Its page at the vendor; null: it has none that we know.</param>
/// <param name="Presence">Whether its list still shows it.</param>
/// <param name="Team">The team of its place.</param>
/// <param name="Service">The service that its place belongs to; null: none.</param>
/// <param name="Product">That service's product; null: none.</param>
/// <param name="Environments">The environments that its place belongs to.</param>
/// <param name="Risks">What of it is risky for a release, in words, the worst first. Empty: none was seen.</param>
/// <param name="FirstSeenAt">When a run first saw it.</param>
/// <param name="ChangedAt">When a run last wrote it. A run that sees no difference writes nothing.</param>
/// <param name="LastSeenAt">By a complete read of its list; null while that never was.</param>
/// <param name="MissingSince">Since when its list is without it; null: it is not missing.</param>
public sealed record ResourceRow(
    Guid Id,
    string Name,
    ResourceKind Kind,
    Guid SourceId,
    string SourceName,
    string Provider,
    string PlaceKind,
    string PlacePath,
    string? Url,
    [property: JsonPropertyName("state")] Presence Presence,
    TeamRef? Team,
    CatalogueName? Service,
    CatalogueName? Product,
    IReadOnlyList<CatalogueName> Environments,
    IReadOnlyList<RiskFinding> Risks,
    DateTimeOffset FirstSeenAt,
    DateTimeOffset ChangedAt,
    DateTimeOffset? LastSeenAt,
    DateTimeOffset? MissingSince);

internal static class ResourceRowReader
{
    public static async Task<IReadOnlyList<ResourceRow>> ReadAsync(GovernanceDb db, IReadOnlyList<Resource> page, CancellationToken cancellationToken)
    {
        var (sourceIds, scopeIds) = (page.Select(r => r.SourceId).Distinct().ToArray(), page.Select(r => r.ScopeId).Distinct().ToArray());
        var sources = await db.Set<Source>().AsNoTracking().Where(s => sourceIds.Contains(s.Id))
            .Select(s => new { s.Id, s.Name, s.ConnectorKey }).ToDictionaryAsync(s => s.Id, cancellationToken);
        var places = await PlaceNames.ReadAsync(db, page.Select(r => r.PlaceId), cancellationToken);
        var scopes = await db.Set<SourceScope>().AsNoTracking().Where(s => scopeIds.Contains(s.Id))
            .Select(s => new { s.Id, s.LastCompleteAt }).ToDictionaryAsync(s => s.Id, s => s.LastCompleteAt, cancellationToken);
        var teamIds = places.Values.Select(p => p.TeamId).OfType<Guid>().Distinct().ToArray();
        var teams = teamIds.Length == 0 ? [] : await db.Set<Team>().AsNoTracking().Where(t => teamIds.Contains(t.Id))
            .Select(t => new TeamRef(t.Id, t.Key, t.Name)).ToDictionaryAsync(t => t.Id, cancellationToken);
        var beside = await BesideAsync(db, page, cancellationToken);
        return page.Select(r =>
        {
            var place = places.GetValueOrDefault(r.PlaceId);
            var source = sources.GetValueOrDefault(r.SourceId);
            var found = ReleaseRisks.Complete(ReleaseRisks.Find(r.Kind, InventoryJson.ReadFacts(r.Facts)), (ReleaseRisk)r.Risks);
            return new ResourceRow(
                r.Id, r.Name, r.Kind, r.SourceId, source?.Name ?? string.Empty, source?.ConnectorKey ?? string.Empty, place?.Kind ?? string.Empty,
                place?.Path ?? string.Empty, r.Url, r.Presence, place?.TeamId is { } team ? teams.GetValueOrDefault(team) : null, place?.Service, place?.Product,
                place?.Environments ?? [], r.Kind == ResourceKind.BranchProtection ? ReleaseRisks.Beside(found, beside.Of(r)) : found,
                r.FirstSeenAt, r.ChangedAt, IdentityRowReader.LastSeen(r, scopes.GetValueOrDefault(r.ScopeId)), r.MissingSince);
        }).ToArray();
    }

    // What the other rows of a branch's protection have in common, per place.
    private static async Task<Neighbours> BesideAsync(GovernanceDb db, IReadOnlyList<Resource> page, CancellationToken cancellationToken)
    {
        var places = page.Where(r => r.Kind == ResourceKind.BranchProtection && ((ReleaseRisk)r.Risks & ReleaseRisks.Joint) != 0).Select(r => r.PlaceId).Distinct().ToArray();
        var rows = places.Length == 0 ? [] : await db.Set<Resource>().AsNoTracking()
            .Where(r => places.Contains(r.PlaceId) && r.Presence == Presence.Present && r.Kind == ResourceKind.BranchProtection)
            .Select(r => new Neighbour(r.PlaceId, r.Id, (ReleaseRisk)r.Risks)).ToListAsync(cancellationToken);
        return new Neighbours(rows.ToLookup(r => r.PlaceId));
    }

    private sealed record Neighbour(Guid PlaceId, Guid Id, ReleaseRisk Risks);

    private sealed class Neighbours(ILookup<Guid, Neighbour> rows)
    {
        public ReleaseRisk? Of(Resource row)
        {
            var others = rows[row.PlaceId].Where(o => o.Id != row.Id).Select(o => o.Risks).ToList();
            return others.Count == 0 ? null : others.Aggregate((a, b) => a & b);
        }
    }
}
