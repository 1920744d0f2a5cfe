using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <param name="Staged">The name of the file that was staged for this.</param>
public sealed record KeepInventoryDocumentRequest(Guid SourceId, string Name, string Staged, long Bytes);

public sealed record DocumentStored(string Name, long Bytes, Guid RunId);

/// <summary>
/// Says that a staged file is the document from now on, and asks for a run that reads it. The commit decides: the file is moved
/// into place after it, by <see cref="StoreInventoryDocument"/> or, after a crash, by the run.
/// </summary>
public sealed class KeepInventoryDocument(CommandDoor door, PollQueue queue, PollOptions options)
    : Command<KeepInventoryDocumentRequest, DocumentStored>(door)
{
    public override Permission Permission => Permission.ManageSources;

    protected override async Task<Result<DocumentStored>> ApplyAsync(
        KeepInventoryDocumentRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var plan = await PlanInventoryDocument.PlanAsync(context.Db, options, request.SourceId, request.Name, cancellationToken);
        if (!plan.IsOk)
        {
            return plan.Error;
        }

        if (!DocumentFolder.IsStaged(request.Name, request.Staged))
        {
            return new Error.Invalid("staged", "This file was not uploaded as that document.");
        }

        var key = DocumentFolder.MemoryKey(request.Name);
        var memory = await context.Db.Set<SourceMemory>().SingleOrDefaultAsync(m => m.SourceId == request.SourceId && m.Key == key, cancellationToken);
        if (memory is null)
        {
            context.Db.Add(new SourceMemory { SourceId = request.SourceId, Key = key, Value = request.Staged });
        }
        else
        {
            memory.Value = request.Staged;
        }

        var run = await queue.AddAsync(context.Db, request.SourceId, PollTrigger.Person, TimeSpan.Zero, cancellationToken);
        context.Audit("source.document-store", "source", request.SourceId, null, new { request.Name, request.Bytes, run.RunId }, "inventory document stored");
        context.Signal(SourceTopics.Run, run.RunId);
        return new DocumentStored(request.Name, request.Bytes, run.RunId);
    }
}
