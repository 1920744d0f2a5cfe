using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory.Filtering;

namespace NhiGovernance.Inventory.Lists;

/// <summary>The facets that go through places. Counted when at most 10,000 rows match the other filters, listed without counts beyond.</summary>
internal static class PlaceFacets
{
    private const int MostServices = 200;

    /// <param name="context">Whose read it is.</param>
    /// <param name="matching">What matches all other parts of the filter.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<IReadOnlyList<FacetValue>> ProductsAsync<T>(QueryContext context, IQueryable<T> matching, CancellationToken cancellationToken)
        where T : class, IPlaced
    {
        var names = await context.Db.Set<Product>().AsNoTracking().OrderBy(p => p.Name).Select(p => new { p.Id, p.Key, p.Name }).ToListAsync(cancellationToken);
        var counts = names.Count == 0 ? null : await CountAsync(matching, rows =>
            from row in rows
            join place in context.Db.Set<Place>() on row.PlaceId equals place.Id
            join service in context.Db.Set<Service>() on place.ServiceId equals service.Id
            where service.ProductId != null
            group row by service.ProductId!.Value into g
            select new KeyCount { Id = g.Key, Count = g.Count() }, cancellationToken);
        return names.ConvertAll(n => new FacetValue(n.Key, n.Name, Of(counts, n.Id)));
    }

    /// <summary>Services by name, the first 200: there may be many. Those that the filter names are always among them.</summary>
    public static async Task<IReadOnlyList<FacetValue>> ServicesAsync<T>(
        QueryContext context, IQueryable<T> matching, Choice chosen, CancellationToken cancellationToken)
        where T : class, IPlaced
    {
        var named = chosen.Only.Concat(chosen.Not).ToArray();
        var services = context.Db.Set<Service>().AsNoTracking();
        var first = await services.OrderBy(s => s.Name).ThenBy(s => s.Id).Take(MostServices).Select(s => new { s.Id, s.Key, s.Name }).ToListAsync(cancellationToken);
        var missing = named.Except(first.Select(s => s.Key)).ToArray();
        if (missing.Length > 0)
        {
            first.AddRange(await services.Where(s => missing.Contains(s.Key)).Select(s => new { s.Id, s.Key, s.Name }).ToListAsync(cancellationToken));
        }

        var counts = first.Count == 0 ? null : await CountAsync(matching, rows =>
            from row in rows
            join place in context.Db.Set<Place>() on row.PlaceId equals place.Id
            where place.ServiceId != null
            group row by place.ServiceId!.Value into g
            select new KeyCount { Id = g.Key, Count = g.Count() }, cancellationToken);
        return first.ConvertAll(s => new FacetValue(s.Key, s.Name, Of(counts, s.Id)));
    }

    public static async Task<IReadOnlyList<FacetValue>> EnvironmentsAsync<T>(QueryContext context, IQueryable<T> matching, CancellationToken cancellationToken)
        where T : class, IPlaced
    {
        var names = await context.Db.Set<ReleaseEnvironment>().AsNoTracking().OrderBy(e => e.Name).Select(e => new { e.Id, e.Key, e.Name }).ToListAsync(cancellationToken);
        var counts = names.Count == 0 ? null : await CountAsync(matching, rows =>
            from row in rows
            join link in context.Db.Set<PlaceEnvironment>() on row.PlaceId equals link.PlaceId
            group row by link.EnvironmentId into g
            select new KeyCount { Id = g.Key, Count = g.Count() }, cancellationToken);
        return names.ConvertAll(n => new FacetValue(n.Key, n.Name, Of(counts, n.Id)));
    }

    private static async Task<Dictionary<Guid, int>?> CountAsync<T>(
        IQueryable<T> rows, Func<IQueryable<T>, IQueryable<KeyCount>> group, CancellationToken cancellationToken)
    {
        if ((await Counting.BoundedAsync(rows, cancellationToken)).IsMore)
        {
            return null;
        }

        return (await group(rows).ToListAsync(cancellationToken)).ToDictionary(c => c.Id, c => c.Count);
    }

    private static BoundedCount? Of(Dictionary<Guid, int>? counts, Guid id) =>
        counts is null ? null : new BoundedCount(counts.GetValueOrDefault(id));

    private sealed class KeyCount
    {
        public Guid Id { get; init; }

        public int Count { get; init; }
    }
}
