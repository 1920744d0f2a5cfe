namespace NhiGovernance.Web.Hosting.Postgres;

/// <summary>Makes the server's data folder, once.</summary>
internal static class PostgresCluster
{
    public static async Task MakeIfMissingAsync(
        string binaries, PostgresFolder folder, PostgresPasswords passwords, PostgresOptions options, CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder.Cluster))
        {
            return;
        }

        if (Directory.Exists(folder.Draft))
        {
            Directory.Delete(folder.Draft, recursive: true);
        }

        var passwordFile = folder.Draft + ".password";
        await PostgresFolder.WritePrivateAsync(passwordFile, passwords.Owner, cancellationToken);
        try
        {
            await Unprivileged.RunAsync(
                [
                    Path.Combine(binaries, "bin", "initdb"), "-D", folder.Draft, "-U", EmbeddedPostgres.OwnerRole,
                    "--auth=scram-sha-256", "--pwfile=" + passwordFile, "--encoding=UTF8", "--no-instructions", "--data-checksums",
                    .. Locale(binaries), .. options.Durable ? Array.Empty<string>() : ["--no-sync"],
                ],
                cancellationToken);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Directory.Move(folder.Draft, folder.Cluster);
    }

    /// <summary>
    /// The built-in C.UTF-8 sorts by code point and knows the case of every letter, the same on every machine. Before
    /// PostgreSQL 17 the machine's own has to do.
    /// </summary>
    private static string[] Locale(string binaries) => KnowsBuiltinLocale(binaries)
        ? ["--locale-provider=builtin", "--locale=C.UTF-8"]
        : ["--locale=C.UTF-8"];

    // Every installation carries its catalogue, which tells the version without running anything.
    private static bool KnowsBuiltinLocale(string binaries)
    {
        foreach (var catalogue in Directory.EnumerateFiles(binaries, "postgres.bki", SearchOption.AllDirectories)
            .Concat(SystemCatalogue(binaries)))
        {
            var first = File.ReadLines(catalogue).First();
            return int.TryParse(first.AsSpan(first.LastIndexOf(' ') + 1), out var major) && major >= 17;
        }

        return true;
    }

    /// <summary>Debian keeps programs below /usr/lib/postgresql/15 and their data below /usr/share/postgresql/15.</summary>
    private static IEnumerable<string> SystemCatalogue(string binaries)
    {
        var shared = Path.Combine("/usr/share/postgresql", Path.GetFileName(binaries), "postgres.bki");
        return File.Exists(shared) ? [shared] : [];
    }
}
