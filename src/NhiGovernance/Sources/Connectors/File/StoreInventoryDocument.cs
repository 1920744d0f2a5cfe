using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <param name="Name">"people.csv"; a document of this name is replaced.</param>
/// <param name="Content">Read to its end; the caller disposes it.</param>
public sealed record StoreInventoryDocumentRequest(Guid SourceId, string Name, Stream Content);

public sealed record DocumentStored(string Name, long Bytes, Guid RunId);

/// <summary>Keeps an uploaded inventory and asks for a run that reads it.</summary>
public sealed class StoreInventoryDocument(CommandDoor door, PollQueue queue, PollOptions options, InventoryFileOptions limits)
    : Command<StoreInventoryDocumentRequest, DocumentStored>(door)
{
    public override Permission Permission => Permission.ManageSources;

    protected override async Task<Result<DocumentStored>> ApplyAsync(
        StoreInventoryDocumentRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (await SourceRules.FindAsync(context.Db, request.SourceId, cancellationToken) is not { ConnectorKey: FileDescriptor.Key } source)
        {
            return new Error.NotFound("This source of inventory files");
        }

        if (SourceSettingsJson.Read(source.Settings).Get(FileDescriptor.From, "upload") != "upload")
        {
            return new Error.Conflict("This source reads a path; change its settings to uploaded documents first.");
        }

        if (DocumentFolder.NameFault(request.Name) is { } fault)
        {
            return new Error.Invalid("name", fault);
        }

        if (DocumentFolder.Of(options, source.Id) is not { } folder)
        {
            return new Error.Unavailable("This installation has no data folder, so nothing can be uploaded.");
        }

        if (await DocumentFolder.WriteAsync(folder, request.Name, request.Content, limits.MaxBytes, cancellationToken) is not { } bytes)
        {
            return new Error.Invalid("content", "The document is larger than the setting Sources:FileMaxMegabytes allows.");
        }

        var run = await queue.AddAsync(context.Db, source.Id, PollTrigger.Person, TimeSpan.Zero, cancellationToken);
        context.Audit("source.document-store", "source", source.Id, null, new { request.Name, bytes, run.RunId }, "inventory document stored");
        context.Signal(SourceTopics.Run, run.RunId);
        return new DocumentStored(request.Name, bytes, run.RunId);
    }
}
