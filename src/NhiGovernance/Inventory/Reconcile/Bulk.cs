using NhiGovernance.Data;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>Entities into tables by the dialect's bulk paths, inside the context's current transaction.</summary>
internal sealed class Bulk(GovernanceDb db, IDialect dialect)
{
    /// <summary>Inserts rows that are known to be new.</summary>
    public async Task LoadAsync<T>(IEnumerable<T> rows, CancellationToken cancellationToken)
        where T : class
    {
        var map = RowMap.Of<T>(db);
        using var some = rows.GetEnumerator();
        if (some.MoveNext())
        {
            await dialect.LoadAsync(db, map.Table, map.Columns, Rows(map, some), cancellationToken);
        }
    }

    /// <summary>Inserts rows, or writes all but the id of those whose id is there.</summary>
    public Task MergeAsync<T>(IReadOnlyCollection<T> rows, CancellationToken cancellationToken)
        where T : class, IEntity =>
        MergeAsync(rows, ["id"], RowMap.Of<T>(db).Names.Where(n => n != "id").ToArray(), cancellationToken);

    /// <summary>Inserts rows; of those whose key is there, writes the given columns.</summary>
    public async Task MergeAsync<T>(
        IReadOnlyCollection<T> rows, IReadOnlyList<string> key, IReadOnlyList<string> update, CancellationToken cancellationToken)
        where T : class
    {
        if (rows.Count > 0)
        {
            var map = RowMap.Of<T>(db);
            var staged = await dialect.StageAsync(db, "staged_" + map.Table, map.Columns, rows.Select(r => map.Row(r)), cancellationToken);
            await dialect.MergeAsync(db, staged, map.Table, key, map.Names, update, cancellationToken);
        }
    }

    private static IEnumerable<object?[]> Rows<T>(RowMap map, IEnumerator<T> rows)
        where T : class
    {
        do
        {
            yield return map.Row(rows.Current);
        }
        while (rows.MoveNext());
    }
}
