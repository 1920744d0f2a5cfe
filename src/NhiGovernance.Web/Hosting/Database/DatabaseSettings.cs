using Microsoft.Data.SqlClient;
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

        owner = string.IsNullOrWhiteSpace(owner) ? null : owner;
        return provider == DatabaseProvider.SqlServer ? SqlServer(serving, owner) : PostgreSql(serving, owner, MigratesOnStart(configuration));
    }

    /// <summary>False: somebody runs the verb <c>migrate</c>.</summary>
    public static bool MigratesOnStart(IConfiguration configuration) => configuration.GetValue("Database:MigrateOnStart", true);

    /// <summary>
    /// With an owner of its own, migrations grant to the serving string's user. With one string for both, sessions that serve
    /// take the role <c>nhi_app</c>, which the migration makes, so that they own nothing either. With one string and somebody else who
    /// migrates, that string may be the serving role's, which can take no other: it is used as it is.
    /// </summary>
    private static DatabaseConnection PostgreSql(string serving, string? owner, bool migrates)
    {
        var parsed = Parse(serving, Key);
        if (owner is not null)
        {
            var user = parsed.Username ?? throw new SettingException(Key, "name the serving role by Username=");
            return new DatabaseConnection(
                DatabaseProvider.PostgreSql, Parse(owner, Key + "Owner").ConnectionString, parsed.ConnectionString, user, parsed.Password);
        }

        var both = parsed.ConnectionString;
        if (migrates)
        {
            parsed.Options = $"{parsed.Options} -c role={DatabaseConnection.DefaultServingRole}".Trim();
        }

        return new DatabaseConnection(
            DatabaseProvider.PostgreSql, both, parsed.ConnectionString, DatabaseConnection.DefaultServingRole, ServingPassword: null);
    }

    /// <summary>
    /// With an owner of its own, migrations grant to the serving string's user. One that the string does not name (integrated security,
    /// a token) has the rights that somebody gave it.
    /// </summary>
    private static DatabaseConnection SqlServer(string serving, string? owner)
    {
        var login = owner is null ? null : SqlLogin(serving, Key);
        var isAnother = login is not null && !string.Equals(login, SqlLogin(owner!, Key + "Owner"), StringComparison.OrdinalIgnoreCase);
        return new DatabaseConnection(
            DatabaseProvider.SqlServer, owner ?? serving, serving, isAnother ? SqlServerUser.Role : null, ServingPassword: null);
    }

    /// <summary>Null when the string names none of SQL Server's own logins.</summary>
    private static string? SqlLogin(string text, string key)
    {
        try
        {
            var read = new SqlConnectionStringBuilder(text);
            return !read.IntegratedSecurity && read.Authentication is SqlAuthenticationMethod.NotSpecified or SqlAuthenticationMethod.SqlPassword
                && read.UserID is { Length: > 0 } login ? login : null;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            // As below: the parser's own message may quote the string.
            throw new SettingException(key, "this is no SQL Server connection string (Server=…;Database=…;User ID=…;Password=…)");
        }
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
