using Microsoft.EntityFrameworkCore;

namespace NhiGovernance.Inventory.Resources;

/// <summary>
/// Rows whose JSON facts decide, which no index reads: each is looked at as it comes, and only what is wanted is kept. Whatever can be
/// asked of the database was asked before; nothing is cut before the facts were looked at, short of <see cref="Most"/> rows.
/// </summary>
internal static class Looking
{
    internal const int Most = 5_000;

    /// <param name="keep">What is wanted of a row; null: nothing.</param>
    public static async Task<(IReadOnlyList<T> Rows, bool IsCut)> AtAsync<TRow, T>(IQueryable<TRow> rows, Func<TRow, T?> keep, CancellationToken cancellationToken)
        where T : class
    {
        var (kept, seen) = (new List<T>(), 0);
        await foreach (var row in rows.Take(Most + 1).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (++seen > Most)
            {
                return (kept, true);
            }

            if (keep(row) is { } wanted)
            {
                kept.Add(wanted);
            }
        }

        return (kept, false);
    }
}
