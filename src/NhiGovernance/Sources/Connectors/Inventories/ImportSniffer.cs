namespace NhiGovernance.Sources.Connectors.Inventories;

internal sealed record FoundFile(string Name, string Path, bool Understood, string Reason)
{
    public ImportedFile ToResult(string? error = null) => new(Name, Understood && error is null, error ?? Reason);
}

/// <summary>What the files of a path are: inventories by their first row or their format, anything else by saying so.</summary>
internal static class ImportSniffer
{
    private const int MostFiles = 1000;

    public static async Task<IReadOnlyList<FoundFile>> LookAsync(string path, Action<string> say, CancellationToken cancellationToken)
    {
        var files = File.Exists(path)
            ? [new FileInfo(path)]
            : new DirectoryInfo(path).EnumerateFiles().Where(f => f.Name[0] != '.').OrderBy(f => f.Name, StringComparer.Ordinal).Take(MostFiles).ToList();
        var found = new List<FoundFile>();
        foreach (var file in files)
        {
            say($"looking at {file.Name}");
            found.Add(await LookAsync(file, cancellationToken));
        }

        return found;
    }

    private static async Task<FoundFile> LookAsync(FileInfo file, CancellationToken cancellationToken)
    {
        FoundFile Unknown(string why) => new(file.Name, file.FullName, false, why);
        if (DocumentNames.Fault(file.Name) is { } fault)
        {
            return Unknown($"{fault} Evidence (SBOMs, attestations, scans) is not imported by this version.");
        }

        try
        {
            await using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 64 * 1024, useAsync: true);
            await foreach (var _ in (await InventoryFiles.OpenAsync(stream, cancellationToken)).WithCancellation(cancellationToken))
            {
                break;
            }

            return new FoundFile(file.Name, file.FullName, true, "Inventory.");
        }
        catch (RefusedFileException refused)
        {
            return Unknown($"No inventory of identities, credentials or people: {refused.Message} Evidence (SBOMs, attestations, scans) is not imported by this version.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unknown("It may not be read by this user.");
        }
    }
}
