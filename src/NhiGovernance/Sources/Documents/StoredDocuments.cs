using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Documents;

/// <summary>A source's documents as a connector sees them.</summary>
internal sealed class StoredDocuments(IDbContextFactory<GovernanceDb> contexts, DocumentCipher cipher, Guid sourceId) : ISourceDocuments
{
    public async Task<IReadOnlyList<SourceDocument>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await db.Set<StoredDocument>().AsNoTracking().Where(d => d.SourceId == sourceId && d.ReplacedAt == null).ToListAsync(cancellationToken);
        return [.. rows.OrderBy(d => d.Name, StringComparer.Ordinal).Select(d => new SourceDocument(d.Id, d.Name, d.Bytes, d.Digest))];
    }

    public Stream Open(SourceDocument document) => new ChunkStream(contexts, cipher, document);
}
