using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>Where documents of a source that takes uploads are kept: <c>documents</c> in the source's own folder.</summary>
internal static class DocumentFolder
{
    /// <summary>Begins the names of files that no commit has named yet: nothing lists or reads them.</summary>
    public const string StagedPrefix = ".staged-";

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

    /// <summary>Where a run finds which staged file a document's commit named.</summary>
    public static string MemoryKey(string name) => "document:" + name;

    /// <summary>
    /// Writes a file that nothing reads: no poll, no list. It becomes the document by a commit that names it, and
    /// <see cref="Promote"/> after that.
    /// </summary>
    /// <returns>The staged file's name and length; null when it is larger than allowed, and then nothing was kept.</returns>
    public static async Task<(string Staged, long Bytes)?> StageAsync(
        string folder, string name, Guid id, Stream content, long limit, CancellationToken cancellationToken)
    {
        var staged = $"{StagedPrefix}{id:N}-{name}";
        var path = Path.Combine(folder, staged);
        var whole = false;
        try
        {
            var length = 0L;
            await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 64 * 1024, useAsync: true))
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

            whole = true;
            return (staged, length);
        }
        finally
        {
            if (!whole)
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Moves a committed file into place: a reader sees the old document or the new one. Again is harmless.</summary>
    public static void Promote(string folder, string staged)
    {
        try
        {
            File.Move(Path.Combine(folder, staged), Path.Combine(folder, NameOf(staged)), overwrite: true);
        }
        catch (FileNotFoundException)
        {
            // Somebody else did it: the command that stored it, or a run that came after a crash.
        }
    }

    /// <summary>
    /// What a crash left: a file whose commit there was is moved into place, one without is deleted after a day. Until then it
    /// may belong to an upload that is under way.
    /// </summary>
    public static async Task RecoverAsync(string folder, IReadMemory memory, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var file in new DirectoryInfo(folder).GetFiles(StagedPrefix + "*"))
        {
            if (await memory.GetAsync(MemoryKey(NameOf(file.Name)), cancellationToken) == file.Name)
            {
                Promote(folder, file.Name);
            }
            else if (now - file.LastWriteTimeUtc > TimeSpan.FromDays(1))
            {
                file.Delete();
            }
        }
    }

    /// <summary>A name that <see cref="StageAsync"/> gave to a file for this document.</summary>
    public static bool IsStaged(string name, string staged) => staged.StartsWith(StagedPrefix, StringComparison.Ordinal) && NameOf(staged) == name;

    private static string NameOf(string staged) => staged.Length > StagedPrefix.Length + 33 ? staged[(StagedPrefix.Length + 33)..] : string.Empty;
}
