using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Inventories;

internal sealed record InventoryFile(string Name, string Path);

/// <summary>Which files a source has: below an opened folder, or stored for it.</summary>
internal static class InventoryFiles
{
    public const string UploadFolder = "documents";
    private const int MostFiles = 1000;

    /// <exception cref="ConnectorException">The place cannot be read; says which setting opens it.</exception>
    public static IReadOnlyList<InventoryFile> Of(ConnectorContext context, InventoryFileOptions options)
    {
        string root;
        if (context.Settings.Get(FileDescriptor.From, "upload") == "path")
        {
            root = ConfiguredFolders.Resolve(context.Settings.Get(FileDescriptor.Path), options.Roots)
                ?? throw new ConnectorException("There is no such file or folder below those named in the setting Sources:FileRoots.");
            if (File.Exists(root))
            {
                return [new InventoryFile(Path.GetFileName(root), root)];
            }
        }
        else if (context.SourceId == Guid.Empty)
        {
            // A source that is being added has no folder yet, and so no documents.
            return [];
        }
        else
        {
            root = Path.Combine(context.Folder ?? throw new ConnectorException("This installation has no data folder, so nothing can be uploaded; name a path instead."), UploadFolder);
            if (!Directory.Exists(root))
            {
                return [];
            }
        }

        try
        {
            var files = new DirectoryInfo(root).EnumerateFiles()
                .Where(f => f.LinkTarget is null && !f.Name.StartsWith(DocumentFolder.StagedPrefix, StringComparison.Ordinal) && f.Extension.ToLowerInvariant() is ".csv" or ".json" or ".tsv").OrderBy(f => f.Name, StringComparer.Ordinal)
                .Take(MostFiles + 1).Select(f => new InventoryFile(f.Name, f.FullName)).ToList();
            return files.Count <= MostFiles ? files : throw new ConnectorException("The folder holds more than 1,000 files.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConnectorException("The folder may not be read by the user that runs NhiGovernance.");
        }
    }

    /// <summary>By its first character that is no white space: "{" or "[" begins JSON.</summary>
    public static async Task<IAsyncEnumerable<InventoryRecord>> OpenAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[4096];
        var length = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        stream.Position = 0;
        var text = head.AsSpan(0, length);
        text = text.StartsWith("\uFEFF"u8) ? text[3..] : text;
        text = text.TrimStart(" \t\r\n"u8);
        return text.Length > 0 && text[0] is (byte)'{' or (byte)'['
            ? JsonInventory.ReadAsync(stream, cancellationToken)
            : CsvInventory.ReadAsync(stream, cancellationToken);
    }
}
