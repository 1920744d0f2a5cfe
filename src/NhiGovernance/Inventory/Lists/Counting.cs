using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;

namespace NhiGovernance.Inventory.Lists;

internal static class Counting
{
    /// <summary>Counts no further than one past the limit, so that a count costs the same at a million rows.</summary>
    public static async Task<BoundedCount> BoundedAsync<T>(IQueryable<T> rows, CancellationToken cancellationToken) =>
        new(await rows.Select(_ => 1).Take(BoundedCount.Limit + 1).CountAsync(cancellationToken));
}
