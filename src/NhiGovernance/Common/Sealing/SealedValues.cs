using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;

namespace NhiGovernance.Common.Sealing;

/// <summary>Every sealed value of every slice.</summary>
internal static class SealedValues
{
    public static async ValueTask<bool> AnyAsync(
        IEnumerable<ISealedStore> stores, IDbContextFactory<GovernanceDb> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var store in stores)
        {
            if ((await store.ReadAsync(db, Guid.Empty, 1, cancellationToken)).Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    public static async IAsyncEnumerable<SealedRow> AllAsync(
        ISealedStore store, GovernanceDb db, int batch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = Guid.Empty; ;)
        {
            var rows = await store.ReadAsync(db, after, batch, cancellationToken);
            foreach (var row in rows)
            {
                yield return row;
            }

            if (rows.Count < batch)
            {
                yield break;
            }

            after = rows[^1].Id;
        }
    }
}
