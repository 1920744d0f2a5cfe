using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>Where documents of a source that takes uploads are kept: <c>documents</c> in the source's own folder.</summary>
internal static class DocumentFolder
{
    /// <summary>Null when the installation has no data folder.</summary>
    public static string? Of(PollOptions options, Guid sourceId)
    {
        if (SourceFolder.Of(options, sourceId) is not { } own)
        {
            return null;
        }

        var folder = Path.Combine(own, InventoryFiles.UploadFolder);
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>A plain file name that is read: letters, digits and a few marks, ending in .csv, .tsv or .json.</summary>
    public static string? NameFault(string name) =>
        name.Length is 0 or > 120 || name[0] == '.' || !name.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or ' ')
            ? "A document's name has letters, digits, spaces, dots and dashes, at most 120 of them."
            : Path.GetExtension(name).ToLowerInvariant() is ".csv" or ".tsv" or ".json"
                ? null
                : "A document's name ends in .csv, .tsv or .json.";

    /// <summary>Writes beside and moves into place: a reader sees the old document or the new one.</summary>
    /// <returns>The number of bytes; null when it is larger than allowed, and then nothing was kept.</returns>
    public static async Task<long?> WriteAsync(string folder, string name, Stream content, long limit, CancellationToken cancellationToken)
    {
        var part = Path.Combine(folder, $".{name}.part");
        try
        {
            var length = 0L;
            await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 64 * 1024, useAsync: true))
            {
                var buffer = new byte[64 * 1024];
                int read;
                while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
                {
                    length += read;
                    if (length > limit)
                    {
                        return null;
                    }

                    await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(part, Path.Combine(folder, name), overwrite: true);
            return length;
        }
        finally
        {
            File.Delete(part);
        }
    }
}
