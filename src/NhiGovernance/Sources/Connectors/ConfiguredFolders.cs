using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace NhiGovernance.Sources.Connectors;

/// <summary>Folders that settings open for reading, and the question whether a path lies below one of them.</summary>
internal static class ConfiguredFolders
{
    /// <summary>A list in JSON, or one string with the platform's path separator (for an environment variable).</summary>
    public static IReadOnlyList<string> Read(IConfiguration section, string key)
    {
        var values = section.GetSection(key).GetChildren().Select(c => c.Value).ToList();
        if (values.Count == 0 && section[key] is { Length: > 0 } one)
        {
            values.AddRange(one.Split(Path.PathSeparator));
        }

        return [.. values.Where(v => !string.IsNullOrWhiteSpace(v)).Select(v => Path.GetFullPath(v!.Trim()))];
    }

    public static long? Number(IConfiguration section, string key) =>
        long.TryParse(section[key], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    /// <summary>
    /// The path with every symbolic link followed, when it exists and lies below a root (also followed); otherwise null. Links
    /// are followed first, so that one inside a root cannot lead out of it.
    /// </summary>
    public static string? Resolve(string path, IReadOnlyList<string> roots)
    {
        if (path.Contains('\0') || !Path.IsPathFullyQualified(path) || RealPath(path) is not { } real)
        {
            return null;
        }

        return roots.Select(RealPath).Any(root => root is not null && IsBelow(real, root)) ? real : null;
    }

    private static bool IsBelow(string path, string root) =>
        path == root || path.StartsWith(root.EndsWith(Path.DirectorySeparatorChar) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string? RealPath(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var hops = 0;
        var done = Path.GetPathRoot(full)!;
        var todo = new Stack<string>(full[done.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse());
        while (todo.TryPop(out var part))
        {
            if (part == "..")
            {
                done = Path.GetDirectoryName(done) ?? done;
                continue;
            }

            var next = Path.Combine(done, part);
            FileSystemInfo info = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            if (info.LinkTarget is not { } target)
            {
                if (!info.Exists)
                {
                    return null;
                }

                done = next;
                continue;
            }

            if (++hops > 40)
            {
                return null;
            }

            if (Path.IsPathFullyQualified(target))
            {
                done = Path.GetPathRoot(target)!;
            }

            foreach (var piece in target.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                if (piece != ".")
                {
                    todo.Push(piece);
                }
            }
        }

        return done;
    }
}
