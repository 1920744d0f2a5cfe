using NhiGovernance.Common;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <param name="Name">"people.csv"; a document of this name is replaced.</param>
/// <param name="Content">Read to its end; the caller disposes it.</param>
/// <param name="Length">What the sender says; too much is refused before it is read.</param>
public sealed record StoreInventoryDocumentRequest(Guid SourceId, string Name, Stream Content, long? Length = null);

/// <summary>
/// Takes an uploaded inventory in three steps, none of which holds a transaction while bytes arrive: may they; the bytes into
/// a file that nothing reads; the audited commit that names it, and the move into place. A crash between two of them leaves
/// either nothing, or a committed document that the next run moves into place itself.
/// </summary>
public sealed class StoreInventoryDocument(
    PlanInventoryDocument plan, KeepInventoryDocument keep, InventoryFileOptions limits, TimeProvider clock)
{
    /// <summary>One at a time: of two uploads of one name the later commit is moved into place last.</summary>
    private static readonly SemaphoreSlim Gate = new(1, 1);

    public async Task<Result<DocumentStored>> RunAsync(StoreInventoryDocumentRequest request, CancellationToken cancellationToken = default)
    {
        var planned = await plan.RunAsync(new PlanInventoryDocumentRequest(request.SourceId, request.Name), cancellationToken);
        if (!planned.IsOk)
        {
            return planned.Error;
        }

        var folder = planned.Value.Folder;
        if (request.Length > limits.MaxBytes
            || await DocumentFolder.StageAsync(folder, request.Name, Data.Ids.New(clock), request.Content, limits.MaxBytes, cancellationToken) is not { } file)
        {
            return new Error.TooLarge($"A document has at most {limits.MaxBytes / 1024 / 1024} MB: the setting Sources:FileMaxMegabytes. Nothing was kept.");
        }

        await Gate.WaitAsync(cancellationToken);
        try
        {
            // Not the sender's token: once it commits, it is moved as well.
            var kept = await keep.RunAsync(new KeepInventoryDocumentRequest(request.SourceId, request.Name, file.Staged, file.Bytes), CancellationToken.None);
            if (kept.IsOk)
            {
                DocumentFolder.Promote(folder, file.Staged);
            }
            else
            {
                File.Delete(Path.Combine(folder, file.Staged));
            }

            return kept;
        }
        finally
        {
            Gate.Release();
        }
    }
}
