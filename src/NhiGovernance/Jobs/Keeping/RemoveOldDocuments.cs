using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Documents;

namespace NhiGovernance.Jobs.Keeping;

/// <summary>Documents that another took the place of, those of removed sources, and bytes that no commit ever named.</summary>
internal sealed class RemoveOldDocuments(IDbContextFactory<GovernanceDb> contexts) : IScheduledJob
{
    public string Key => "remove-old-documents";

    public string Title => "Old inventory documents";

    public string Does => "Removes uploaded documents a day after they were replaced or their source was removed, and uploads that were never finished.";

    public TimeSpan Every => TimeSpan.FromHours(6);

    public async Task<string> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var before = context.Now - DocumentStore.KeptFor;
        var (documents, chunks) = (db.Set<StoredDocument>(), db.Set<StoredDocumentChunk>());
        var gone = await documents
            .Where(d => d.ReplacedAt < before || db.Set<Source>().Any(s => s.Id == d.SourceId && s.RemovedAt < before))
            .ExecuteDeleteAsync(cancellationToken);
        context.Progress("bytes");
        var bytes = await chunks.Where(c => c.StoredAt < before && !documents.Any(d => d.Id == c.DocumentId)).ExecuteDeleteAsync(cancellationToken);
        return $"{gone} documents and {bytes} pieces of 1 MB removed.";
    }
}
