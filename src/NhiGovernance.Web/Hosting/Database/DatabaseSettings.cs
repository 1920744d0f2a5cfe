using NhiGovernance.Web.Hosting.Postgres;
using Npgsql;

namespace NhiGovernance.Web.Hosting.Database;

/// <summary>
/// From settings to a database. <c>ConnectionStrings:NhiGovernance</c> names a server, and then none is started here;
/// <c>ConnectionStrings:NhiGovernanceOwner</c> may name the role that migrates. Without them the embedded server in the data
/// folder is used.
/// </summary>
internal static class DatabaseSettings
{
    private const string Key = "ConnectionStrings:NhiGovernance";

    /// <returns>The connection, and the embedded server that this process now answers for (null: a server elsewhere).</returns>
    public static async Task<(DatabaseConnection Connection, EmbeddedPostgres? Postgres)> ConnectAsync(
        IConfiguration configuration, PostgresUse use, CancellationToken cancellationToken)
    {
        if (FromSettings(configuration) is { } named)
        {
            return (named, null);
        }

        var postgres = await EmbeddedPostgres.StartAsync(PostgresOptions.From(configuration), use, cancellationToken);
        return (postgres.Connection, postgres);
    }

    /// <summary>Null when no server is named.</summary>
    public static DatabaseConnection? FromSettings(IConfiguration configuration)
    {
        var provider = configuration["Database:Provider"] switch
        {
            null or "" => DatabaseProvider.PostgreSql,
            var text when Enum.TryParse<DatabaseProvider>(text, ignoreCase: true, out var known) => known,
            _ => throw new SettingException("Database:Provider", "use PostgreSql or SqlServer"),
        };
        var serving = configuration[Key];
        var owner = configuration[Key + "Owner"];
        if (string.IsNullOrWhiteSpace(serving))
        {
            return provider == DatabaseProvider.PostgreSql
                ? null
                : throw new SettingException(Key, "the embedded database is PostgreSQL; name a SQL Server here");
        }

        if (provider == DatabaseProvider.SqlServer)
        {
            return new DatabaseConnection(provider, owner ?? serving, serving, ServingRole: null, ServingPassword: null);
        }

        return PostgreSql(serving, string.IsNullOrWhiteSpace(owner) ? null : owner);
    }

    /// <summary>
    /// With an owner of its own, migrations grant to the serving string's user. With one string for both, sessions that serve
    /// take the role <c>nhi_app</c>, which the migration makes, so that they own nothing either.
    /// </summary>
    private static DatabaseConnection PostgreSql(string serving, string? owner)
    {
        var parsed = Parse(serving, Key);
        if (owner is not null)
        {
            var user = parsed.Username ?? throw new SettingException(Key, "name the serving role by Username=");
            return new DatabaseConnection(
                DatabaseProvider.PostgreSql, Parse(owner, Key + "Owner").ConnectionString, parsed.ConnectionString, user, parsed.Password);
        }

        var both = parsed.ConnectionString;
        parsed.Options = $"{parsed.Options} -c role={DatabaseConnection.DefaultServingRole}".Trim();
        return new DatabaseConnection(
            DatabaseProvider.PostgreSql, both, parsed.ConnectionString, DatabaseConnection.DefaultServingRole, ServingPassword: null);
    }

    private static NpgsqlConnectionStringBuilder Parse(string text, string key)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text) { ApplicationName = "nhi-governance" };
        }
        catch (ArgumentException)
        {
            // The parser's own message may quote the string, password and all.
            throw new SettingException(key, "this is no PostgreSQL connection string (Host=…;Database=…;Username=…;Password=…)");
        }
    }
}
