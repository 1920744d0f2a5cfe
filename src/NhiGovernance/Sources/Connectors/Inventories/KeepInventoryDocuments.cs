using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Documents;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <param name="Documents">What was staged for this; each takes the place of the one of its name.</param>
/// <param name="Only">True: the source has these and no others from now on.</param>
public sealed record KeepInventoryDocumentsRequest(Guid SourceId, IReadOnlyList<StagedDocument> Documents, bool Only = false);

/// <param name="Replaced">How many documents these took the place of.</param>
public sealed record DocumentsKept(Guid RunId, int Replaced);

/// <summary>Says that staged bytes are the source's documents from now on, and asks for a run that reads them: one commit, and all of it holds.</summary>
public sealed class KeepInventoryDocuments(CommandDoor door, PollQueue queue) : Command<KeepInventoryDocumentsRequest, DocumentsKept>(door)
{
    public override Permission Permission => Permission.ManageSources;

    protected override async Task<Result<DocumentsKept>> ApplyAsync(
        KeepInventoryDocumentsRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var db = context.Db;
        if (await PlanInventoryDocument.FaultAsync(db, request.SourceId, request.Documents.Select(d => d.Name), cancellationToken) is { } fault)
        {
            return fault;
        }

        foreach (var staged in request.Documents)
        {
            if (!await DocumentStore.IsWholeAsync(db, staged, cancellationToken))
            {
                return new Error.Conflict($"The bytes of {staged.Name} are not all there any more. Upload it again.");
            }
        }

        // First the queue: it holds the source, so that two uploads of one name follow each other.
        var run = await queue.AddAsync(db, request.SourceId, PollTrigger.Person, TimeSpan.Zero, cancellationToken);
        var names = request.Documents.Select(d => d.Name).ToArray();
        var replaced = await db.Set<StoredDocument>()
            .Where(d => d.SourceId == request.SourceId && d.ReplacedAt == null && (request.Only || names.Contains(d.Name)))
            .ExecuteUpdateAsync(d => d.SetProperty(x => x.ReplacedAt, context.Now), cancellationToken);
        db.AddRange(request.Documents.Select(d => new StoredDocument
        {
            Id = d.Id,
            SourceId = request.SourceId,
            Name = d.Name,
            Bytes = d.Bytes,
            Digest = Convert.FromHexString(d.Digest),
            StoredAt = context.Now,
        }));
        context.Audit(
            "source.document-store", "source", request.SourceId, null,
            new { Documents = request.Documents.Select(d => new { d.Name, d.Bytes, d.Digest }).ToArray(), request.Only, run.RunId },
            request.Documents.Count == 1 ? "inventory document stored" : $"{request.Documents.Count} inventory documents stored");
        context.Signal(SourceTopics.Run, run.RunId);
        return new DocumentsKept(run.RunId, replaced);
    }
}
