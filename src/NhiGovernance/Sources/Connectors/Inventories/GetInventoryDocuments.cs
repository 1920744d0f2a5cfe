using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Documents;
using NhiGovernance.Sources.Manage;

namespace NhiGovernance.Sources.Connectors.Inventories;

public sealed record GetInventoryDocumentsRequest(Guid SourceId);

/// <param name="Name">The name under which it was uploaded.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="StoredAt">When it was uploaded.</param>
/// <param name="Digest">SHA-256 of its bytes, hexadecimal.</param>
public sealed record InventoryDocument(string Name, long Bytes, DateTimeOffset StoredAt, string Digest);

/// <param name="Documents">Uploaded documents; empty for a source that reads a path.</param>
/// <param name="Refused">What the last complete or partial run refused, the first 1,000.</param>
public sealed record InventoryDocuments(IReadOnlyList<InventoryDocument> Documents, IReadOnlyList<RefusedRow> Refused);

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
        return new InventoryDocuments(
            [.. documents.Select(d => new InventoryDocument(d.Name, d.Bytes, d.StoredAt, Convert.ToHexStringLower(d.Digest)))], RefusedRows.Read(kept));
    }
}
