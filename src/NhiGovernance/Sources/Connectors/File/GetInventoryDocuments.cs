using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Sources.Connectors.Inventories;

public sealed record GetInventoryDocumentsRequest(Guid SourceId);

public sealed record InventoryDocument(string Name, long Bytes);

/// <param name="Documents">Uploaded documents; empty for a source that reads a path.</param>
/// <param name="Refused">What the last complete or partial run refused, the first 1,000.</param>
public sealed record InventoryDocuments(IReadOnlyList<InventoryDocument> Documents, IReadOnlyList<RefusedRow> Refused);

/// <summary>The documents of a source of inventory files, and the rows that its last run refused.</summary>
public sealed class GetInventoryDocuments(QueryDoor door, PollOptions options) : Query<GetInventoryDocumentsRequest, InventoryDocuments>(door)
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
        var folder = DocumentFolder.Of(options, source.Id);
        var documents = folder is null ? [] : new DirectoryInfo(folder).EnumerateFiles().Where(f => f.Name[0] != '.')
            .OrderBy(f => f.Name, StringComparer.Ordinal).Take(1000).Select(f => new InventoryDocument(f.Name, f.Length)).ToList();
        return new InventoryDocuments(documents, RefusedRows.Read(kept));
    }
}
