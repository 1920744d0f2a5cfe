using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>Which files a source has: below an opened folder, or stored for it.</summary>
internal static class InventoryFiles
{
    private const int MostFiles = 1000;

    /// <exception cref="ConnectorException">The place cannot be read; says which setting opens it.</exception>
    public static async Task<IReadOnlyList<InventoryFile>> OfAsync(ConnectorContext context, InventoryFileOptions options, CancellationToken cancellationToken)
    {
        if (context.Settings.Get(FileDescriptor.From, "upload") == "path")
        {
            return OfPath(context.Settings.Get(FileDescriptor.Path), options);
        }

        var documents = await context.Documents.ListAsync(cancellationToken);
        return documents.Count <= MostFiles
            ? [.. documents.Select(d => new UploadedFile(d, context.Documents))]
            : throw new ConnectorException("The source holds more than 1,000 documents.");
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

    private static IReadOnlyList<InventoryFile> OfPath(string path, InventoryFileOptions options)
    {
        var root = ConfiguredFolders.Resolve(path, options.Roots)
            ?? throw new ConnectorException("There is no such file or folder below those named in the setting Sources:FileRoots.");
        if (File.Exists(root))
        {
            return [new PathFile(Path.GetFileName(root), root, options)];
        }

        try
        {
            var files = new DirectoryInfo(root).EnumerateFiles()
                .Where(f => f.LinkTarget is null && f.Extension.ToLowerInvariant() is ".csv" or ".json" or ".tsv").OrderBy(f => f.Name, StringComparer.Ordinal)
                .Take(MostFiles + 1).Select(f => new PathFile(f.Name, f.FullName, options)).ToList();
            return files.Count <= MostFiles ? files : throw new ConnectorException("The folder holds more than 1,000 files.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConnectorException("The folder may not be read by the user that runs NhiGovernance.");
        }
    }
}
