using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>Nobody watches any more what a removed source saw: it is retired, and its history stays.</summary>
internal sealed class RetireRemovedSource(IDialect dialect, TimeProvider clock) : ISourceRemoval
{
    private const int Chunk = 5_000;

    public async Task<long> RetireAsync(GovernanceDb db, Guid sourceId, string reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var bulk = new Bulk(db, dialect);
        var retired = 0L;
        foreach (var table in ObservedTables.All)
        {
            while (await table.NextOfAsync(db, sourceId, Chunk, cancellationToken) is { Count: > 0 } rows)
            {
                await table.RetireAsync(db, [.. rows.Select(r => r.Id)], now, cancellationToken);
                await bulk.LoadAsync(
                    rows.Select(r => new InventoryChange
                    {
                        Id = Ids.New(clock),
                        SubjectKind = table.Kind,
                        SubjectId = r.Id,
                        IdentityId = r.IdentityId,
                        Kind = ChangeKind.Retired,
                        Subject = "state",
                        After = InventoryJson.WriteValue(KnownValue.Of(Clean.Text(reason, 200))),
                        At = now,
                    }),
                    cancellationToken);
                retired += rows.Count;
            }
        }

        await db.Set<HeldDisappearance>().Where(h => h.SourceId == sourceId).ExecuteDeleteAsync(cancellationToken);
        return retired;
    }
}
