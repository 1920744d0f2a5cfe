using NhiGovernance.Web.Hosting.Postgres;

namespace NhiGovernance.Web.Hosting;

/// <summary>Where the application of a data folder serves, noted in that folder as long as it does; verbs print links to it.</summary>
internal static class ServingAddress
{
    public static async Task NoteAsync(IConfiguration configuration, Uri address, CancellationToken cancellationToken)
    {
        var file = PathOf(configuration);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, address.ToString(), cancellationToken);
    }

    public static void Forget(IConfiguration configuration) => File.Delete(PathOf(configuration));

    /// <summary>The noted address, else the first that the setting <c>Urls</c> names.</summary>
    public static Uri Find(IConfiguration configuration)
    {
        var file = PathOf(configuration);
        var text = File.Exists(file) ? File.ReadAllText(file) : configuration["Urls"]?.Split(';')[0];
        return Uri.TryCreate(text, UriKind.Absolute, out var address)
            ? address
            : throw new SettingException("Urls", "name where the application serves, as http://127.0.0.1:8080");
    }

    private static string PathOf(IConfiguration configuration) => Path.Combine(PostgresOptions.DataFolderOf(configuration), "address");
}
