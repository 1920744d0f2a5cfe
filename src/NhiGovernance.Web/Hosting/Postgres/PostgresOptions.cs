namespace NhiGovernance.Web.Hosting.Postgres;

/// <summary>Why the server is wanted: decides who may share it with whom.</summary>
public enum PostgresUse
{
    /// <summary>The application serves: it answers for the server as long as it runs. A second one is refused.</summary>
    Serve,

    /// <summary>One verb of the command line: joins a serving application's server, or starts it for its own time.</summary>
    Verb,
}

/// <summary>How the embedded server is run.</summary>
/// <param name="DataFolder">The product's data folder; the server keeps to <c>postgres/</c> below it.</param>
/// <param name="Binaries">A folder with <c>bin/postgres</c>; null: found below <c>node_modules</c>.</param>
/// <param name="Durable">False in tests only: then a crash of the machine may lose data.</param>
/// <param name="Settings">The server's own settings that win over ours, such as <c>shared_buffers</c>.</param>
public sealed record PostgresOptions(
    string DataFolder, string? Binaries = null, bool Durable = true, IReadOnlyDictionary<string, string>? Settings = null)
{
    public const string DataKey = "Data";
    public const string BinariesKey = "Postgres:Binaries";
    public const string DefaultDataFolder = ".data";

    public static PostgresOptions From(IConfiguration configuration) => new(
        DataFolderOf(configuration),
        configuration[BinariesKey] is { Length: > 0 } binaries ? Path.GetFullPath(binaries) : null,
        configuration.GetValue("Postgres:Durable", true),
        configuration.GetSection("Postgres:Settings").GetChildren()
            .Where(s => s.Value is not null).ToDictionary(s => s.Key, s => s.Value!, StringComparer.Ordinal));

    /// <summary>Where all state is kept; <c>--data DIR</c>.</summary>
    public static string DataFolderOf(IConfiguration configuration) =>
        Path.GetFullPath(configuration[DataKey] is { Length: > 0 } folder ? folder : DefaultDataFolder);
}
