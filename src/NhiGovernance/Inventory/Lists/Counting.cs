using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Data;

namespace NhiGovernance.Inventory.Lists;

/// <summary>Rows, how many they are, and how to page through them best.</summary>
/// <param name="Named">True when the rows are few, and named by their ids.</param>
internal readonly record struct Counted<T>(IQueryable<T> Rows, BoundedCount Count, bool Named);

internal static class Counting
{
    /// <summary>Up to here rows are named by their ids, and sorted.</summary>
    private const int Few = 1_000;

    /// <summary>Counts no further than one past the limit, so that a count costs the same at a million rows.</summary>
    public static async Task<BoundedCount> BoundedAsync<T>(IQueryable<T> rows, CancellationToken cancellationToken) =>
        new(await rows.Select(_ => 1).Take(BoundedCount.Limit + 1).CountAsync(cancellationToken));

    /// <summary>
    /// Counts, and names few rows by their ids: to page through 300 of a million, the database would otherwise walk an order's
    /// index past all the others until a page is full. One reading gives both: where most rows do not match, the reading is what costs,
    /// and not the ids of those that do.
    /// </summary>
    public static async Task<Counted<T>> CountAsync<T>(IQueryable<T> rows, CancellationToken cancellationToken)
        where T : class, IEntity
    {
        var ids = await rows.Select(i => i.Id).Take(BoundedCount.Limit + 1).ToListAsync(cancellationToken);
        var count = new BoundedCount(ids.Count);
        return ids.Count <= Few ? new(rows.Where(i => ids.Contains(i.Id)), count, Named: true) : new(rows, count, Named: false);
    }
}
