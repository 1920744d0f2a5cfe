namespace NhiGovernance.Sources.Runs;

/// <summary>A source's own folder below the data folder: <c>sources/{id}</c>, for nobody but this user.</summary>
internal static class SourceFolder
{
    public static string? Root(PollOptions options) => options.DataFolder is { } data ? Path.Combine(data, "sources") : null;

    public static string? Of(PollOptions options, Guid sourceId)
    {
        if (Root(options) is not { } root)
        {
            return null;
        }

        var folder = Path.Combine(Path.GetFullPath(root), sourceId.ToString());
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return folder;
    }
}
