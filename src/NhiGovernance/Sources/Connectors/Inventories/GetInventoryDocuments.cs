using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Documents;
using NhiGovernance.Sources.Manage;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <param name="SourceId">The source.</param>
/// <param name="MostRefused">How many refused rows are wanted; no more than 10,000 are kept.</param>
public sealed record GetInventoryDocumentsRequest(Guid SourceId, int MostRefused = RefusedRows.Most);

/// <param name="Name">The name under which it was uploaded.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="StoredAt">When it was uploaded.</param>
/// <param name="Digest">SHA-256 of its bytes, hexadecimal.</param>
public sealed record InventoryDocument(string Name, long Bytes, DateTimeOffset StoredAt, string Digest);

/// <param name="Documents">Uploaded documents; empty for a source that reads a path.</param>
/// <param name="Refused">What the last complete or partial run refused, the first 10,000.</param>
/// <param name="RefusedCount">How much it refused, however much of it is listed.</param>
public sealed record InventoryDocuments(IReadOnlyList<InventoryDocument> Documents, IReadOnlyList<RefusedRow> Refused, long RefusedCount);

/// <summary>The documents of a source of inventory files, and the rows that its last run refused.</summary>
public sealed class GetInventoryDocuments(QueryDoor door) : Query<GetInventoryDocumentsRequest, InventoryDocuments>(door)
{
    public override Permission Permission => Permission.ReadSources;

    protected override async Task<Result<InventoryDocuments>> ReadAsync(
        GetInventoryDocumentsRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        if (await SourceRules.FindAsync(context.Db, request.SourceId, cancellationToken) is not { ConnectorKey: FileDescriptor.Key } source)
        {
            return new Error.NotFound("This source of inventory files");
        }

        var kept = await context.Db.Set<SourceMemory>().Where(m => m.SourceId == source.Id && m.Key == RefusedRows.MemoryKey)
            .Select(m => m.Value).SingleOrDefaultAsync(cancellationToken);
        var documents = await context.Db.Set<StoredDocument>().Where(d => d.SourceId == source.Id && d.ReplacedAt == null)
            .OrderBy(d => d.Name).Take(1000).ToListAsync(cancellationToken);
        var refused = RefusedRows.Read(kept);
        return new InventoryDocuments(
            [.. documents.Select(d => new InventoryDocument(d.Name, d.Bytes, d.StoredAt, Convert.ToHexStringLower(d.Digest)))],
            [.. refused.Rows.Take(request.MostRefused)], refused.Count);
    }
}
