using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Resources;

/// <param name="Facets">In the order that a page shows them: kind, state, team, source, risk, product, service, environment.</param>
/// <param name="Complete">False when more than 10,000 match a filter that is no facet: then each count is "at least".</param>
public sealed record ResourceFacetsResult(IReadOnlyList<Facet> Facets, bool Complete);

public sealed record ResourceFacetsRequest(ResourceFilter Filter);

/// <summary>What can be filtered by, and how many each value would list.</summary>
public sealed class ResourceFacets(QueryDoor door, IDialect dialect, CountMemory memory) : Query<ResourceFacetsRequest, ResourceFacetsResult>(door)
{
    public override Permission Permission => Permission.ReadResources;

    protected override async Task<Result<ResourceFacetsResult>> ReadAsync(
        ResourceFacetsRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var (db, wanted) = (context.Db, request.Filter);
        Task<IQueryable<Resource>> Rows(ResourceFilter filter) => ResourceRows.MatchingAsync(context, filter, dialect, cancellationToken);
        var lifted = Lifted(wanted);
        var (cells, complete) = await RememberedAsync("resource cells", lifted, context, async () =>
            await CellsAsync(db, await Rows(lifted), lifted, cancellationToken), cancellationToken);
        var teams = await db.Set<Team>().AsNoTracking().Select(t => new { t.Id, t.Key, t.Name }).ToDictionaryAsync(t => t.Id, cancellationToken);
        var sources = await db.Set<Source>().AsNoTracking().Select(s => new { s.Id, s.Name }).ToDictionaryAsync(s => s.Id, s => s.Name, cancellationToken);
        var axes = new (string Key, Choice Chosen, Func<Cell, string> Value, Func<Cell, string> Label)[]
        {
            ("kind", wanted.Kinds, c => c.Kind.ToString(), c => c.Kind.ToString()),
            ("state", wanted.States.Only.Count > 0 ? wanted.States : wanted.States.With(nameof(Presence.Retired), false), c => c.Presence.ToString(), c => c.Presence.ToString()),
            ("team", wanted.Teams, c => c.TeamId is { } id && teams.TryGetValue(id, out var team) ? team.Key : Choice.None, c => c.TeamId is { } id && teams.TryGetValue(id, out var team) ? team.Name : "No team"),
            ("source", wanted.Sources, c => c.SourceId.ToString(), c => sources.GetValueOrDefault(c.SourceId, string.Empty)),
        };
        var facets = axes.Select(axis => new Facet(axis.Key,
            [
                .. cells.Where(c => axes.All(a => a.Key == axis.Key || a.Chosen.Admits(a.Value(c))))
                    .GroupBy(axis.Value, StringComparer.Ordinal)
                    .Select(g => new FacetValue(g.Key, axis.Label(g.First()), Bounded(g.Sum(c => c.Count))))
                    .OrderByDescending(v => v.Count!.Value.Value).ThenBy(v => v.Label, StringComparer.OrdinalIgnoreCase),
            ])).ToList();
        facets.AddRange(await RememberedAsync("resource facets", wanted, context, async () => new Facet[]
        {
            new("risk", await RisksAsync(db, await Rows(wanted with { Risks = Choice.Any }), cancellationToken)),
            new("product", await PlaceFacets.ProductsAsync(context, await Rows(wanted with { Products = Choice.Any }), cancellationToken)),
            new("service", await PlaceFacets.ServicesAsync(context, await Rows(wanted with { Services = Choice.Any }), wanted.Services, cancellationToken)),
            new("environment", await PlaceFacets.EnvironmentsAsync(context, await Rows(wanted with { Environments = Choice.Any }), cancellationToken)),
        }, cancellationToken));
        return new ResourceFacetsResult(facets, complete);
    }

    // All rows are the same for everybody who sees them all; a team's are few, and counted each time.
    private Task<T> RememberedAsync<T>(string what, ResourceFilter filter, QueryContext context, Func<Task<T>> read, CancellationToken cancellationToken)
        where T : class =>
        context.Actor.SeesAll ? memory.GetAsync($"{what}: {filter.ToQueryString()}", read, cancellationToken) : read();

    // What the cells answer is lifted from the filter; each facet is counted under the others.
    private static ResourceFilter Lifted(ResourceFilter filter) => filter with
    {
        Kinds = Choice.Any, States = Choice.Of(Enum.GetNames<Presence>()), Teams = Choice.Any, Sources = Choice.Any,
    };

    private static async Task<Cells> CellsAsync(
        GovernanceDb db, IQueryable<Resource> rows, ResourceFilter rest, CancellationToken cancellationToken)
    {
        var isWhole = rest with { States = Choice.Any } == ResourceFilter.All;
        var counted = isWhole ? rows : rows.Take(BoundedCount.Limit + 1);
        var cells = await (
            from row in counted
            join place in db.Set<Place>() on row.PlaceId equals place.Id
            group row by new { row.Presence, row.Kind, row.SourceId, place.TeamId } into g
            select new Cell(g.Key.Presence, g.Key.Kind, g.Key.SourceId, g.Key.TeamId, g.LongCount())).ToListAsync(cancellationToken);
        return new(cells, isWhole || cells.Sum(c => c.Count) <= BoundedCount.Limit);
    }

    private static async Task<IReadOnlyList<FacetValue>> RisksAsync(GovernanceDb db, IQueryable<Resource> rows, CancellationToken cancellationToken)
    {
        // Combinations of risks are few. Those that neighbours decide are asked for one by one.
        var sums = await rows.Where(r => r.Risks != 0).GroupBy(r => r.Risks).Select(g => new { Risks = g.Key, Count = g.LongCount() }).ToListAsync(cancellationToken);
        if (sums.Count == 0)
        {
            return [];
        }

        var values = new List<FacetValue> { new(ResourceFilter.AnyRisk, "Any", await Counting.BoundedAsync(rows.Where(ResourceRows.Has(db, ~ReleaseRisk.None)), cancellationToken)) };
        foreach (var risk in Enum.GetValues<ReleaseRisk>().Where(r => r != ReleaseRisk.None))
        {
            var count = sums.Where(s => ((ReleaseRisk)s.Risks & risk) != 0).Sum(s => s.Count);
            var bounded = count > 0 && (risk & ReleaseRisks.Joint) != 0
                ? await Counting.BoundedAsync(rows.Where(ResourceRows.Has(db, risk)), cancellationToken)
                : Bounded(count);
            if (bounded.Value > 0)
            {
                values.Add(new FacetValue(risk.ToString(), risk.ToString(), bounded));
            }
        }

        return [.. values.OrderByDescending(v => v.Value == ResourceFilter.AnyRisk).ThenByDescending(v => v.Count!.Value.Value)];
    }

    private static BoundedCount Bounded(long count) => new((int)Math.Min(count, BoundedCount.Limit + 1));

    private sealed record Cells(IReadOnlyList<Cell> All, bool Complete);

    private sealed record Cell(Presence Presence, ResourceKind Kind, Guid SourceId, Guid? TeamId, long Count);
}
