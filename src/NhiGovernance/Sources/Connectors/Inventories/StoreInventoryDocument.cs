using NhiGovernance.Common;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Sources.Documents;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <param name="Name">"people.csv"; a document of this name is replaced.</param>
/// <param name="Content">Read to its end; the caller disposes it.</param>
/// <param name="Length">What the sender says; too much is refused before it is read.</param>
public sealed record StoreInventoryDocumentRequest(Guid SourceId, string Name, Stream Content, long? Length = null);

/// <param name="Name">The name under which it is kept; a later upload of that name replaces it.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="RunId">The run that reads it; queued.</param>
/// <param name="Replaced">True when it took the place of a document of this name.</param>
public sealed record DocumentStored(string Name, long Bytes, Guid RunId, bool Replaced);

/// <summary>
/// Takes an uploaded inventory in three steps, none of which holds a transaction while bytes arrive: may they; the bytes into
/// rows that nothing reads; the audited commit that makes them the document. A crash in between leaves rows that a job removes.
/// </summary>
public sealed class StoreInventoryDocument(PlanInventoryDocument plan, KeepInventoryDocuments keep, DocumentStore store)
{
    public async Task<Result<DocumentStored>> RunAsync(StoreInventoryDocumentRequest request, CancellationToken cancellationToken = default)
    {
        var planned = await plan.RunAsync(new PlanInventoryDocumentRequest(request.SourceId, request.Name), cancellationToken);
        if (!planned.IsOk)
        {
            return planned.Error;
        }

        var most = planned.Value.MaxBytes;
        StagedDocument? staged;
        try
        {
            staged = request.Length > most ? null : await store.StageAsync(request.Name, request.Content, most, cancellationToken);
        }
        catch (Exception error) when (error is KeyUnusableException or SealBrokenException)
        {
            return new Error.Unavailable(error.Message);
        }

        if (staged is null)
        {
            return new Error.TooLarge($"A document has at most {most / 1024 / 1024} MB: the setting Sources:FileMaxMegabytes. Nothing was kept.");
        }

        var kept = await keep.RunAsync(new KeepInventoryDocumentsRequest(request.SourceId, [staged]), cancellationToken);
        if (!kept.IsOk)
        {
            await store.ForgetAsync(staged.Id);
            return kept.Error;
        }

        return new DocumentStored(staged.Name, staged.Bytes, kept.Value.RunId, kept.Value.Replaced > 0);
    }
}
