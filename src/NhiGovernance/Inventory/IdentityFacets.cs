using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources;

namespace NhiGovernance.Inventory;

/// <summary>The values of each facet, counted under all the other filters.</summary>
/// <param name="Facets">In the order that a page shows them: kind, state, team, source, provider, product, service, environment, flags.</param>
/// <param name="Complete">False when more than 10,000 match a filter that no index counts: then each count is "at least".</param>
public sealed record IdentityFacetsResult(IReadOnlyList<Facet> Facets, bool Complete);

/// <param name="Key">The filter's key: "kind".</param>
/// <param name="Values">Each value that occurs, with how many rows have it.</param>
public sealed record Facet(string Key, IReadOnlyList<FacetValue> Values);

/// <param name="Value">The filter's word for it; "none" where a thing has none.</param>
/// <param name="Label">What people read.</param>
/// <param name="Count">Null: not counted, because it would take too long here.</param>
public sealed record FacetValue(string Value, string Label, BoundedCount? Count);

public sealed record IdentityFacetsRequest(IdentityFilter Filter);

/// <summary>What can be filtered by, and how many each value would list.</summary>
public sealed class IdentityFacets(QueryDoor door, IDialect dialect, CountMemory memory) : Query<IdentityFacetsRequest, IdentityFacetsResult>(door)
{
    public override Permission Permission => Permission.ReadIdentities;

    protected override async Task<Result<IdentityFacetsResult>> ReadAsync(
        IdentityFacetsRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var cube = await IdentityCube.ReadAsync(context, request.Filter, dialect, memory, cancellationToken);
        var teams = await context.Db.Set<Team>().AsNoTracking().OrderBy(t => t.Name).Select(t => new { t.Id, t.Key, t.Name }).ToListAsync(cancellationToken);
        var sources = await context.Db.Set<Source>().AsNoTracking().OrderBy(s => s.Name).Select(s => new { s.Id, s.Name, s.ConnectorKey }).ToListAsync(cancellationToken);
        var keys = new CubeKeys(teams.ToDictionary(t => t.Id, t => t.Key), sources.ToDictionary(s => s.Id, s => s.ConnectorKey));
        var labels = teams.ToDictionary(t => t.Key, t => t.Name, StringComparer.Ordinal);
        var names = sources.ToDictionary(s => s.Id.ToString(), s => s.Name, StringComparer.Ordinal);
        var facets = CubeFacets.All.Select(facet => new Facet(
            facet.Key,
            CubeFacets.Count(cube.Cells, facet, request.Filter, keys)
                .Select(v => new FacetValue(v.Value, facet.Key switch
                {
                    "team" => v.Value == Choice.None ? "No team" : labels.GetValueOrDefault(v.Value, v.Value),
                    "source" => names.GetValueOrDefault(v.Value, v.Value),
                    _ => v.Value,
                }, new BoundedCount((int)Math.Min(v.Count, BoundedCount.Limit + 1))))
                .OrderByDescending(v => v.Count!.Value.Value).ThenBy(v => v.Label, StringComparer.OrdinalIgnoreCase).ToArray())).ToList();
        Task<IQueryable<Identity>> Rows(IdentityFilter filter) =>
            IdentityRows.MatchingAsync(context.Db, context.Actor, filter, context.Now, dialect, cancellationToken);
        var wanted = request.Filter;
        facets.Add(new Facet("product", await PlaceFacets.ProductsAsync(context, await Rows(wanted with { Products = Choice.Any }), cancellationToken)));
        facets.Add(new Facet("service", await PlaceFacets.ServicesAsync(context, await Rows(wanted with { Services = Choice.Any }), wanted.Services, cancellationToken)));
        facets.Add(new Facet("environment", await PlaceFacets.EnvironmentsAsync(context, await Rows(wanted with { Environments = Choice.Any }), cancellationToken)));
        return new IdentityFacetsResult(facets, cube.Complete);
    }
}
