using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using NhiGovernance.Data;
using NhiGovernance.Migrations.PostgreSql;
using NhiGovernance.Migrations.SqlServer;

namespace NhiGovernance.Web.Hosting.Database;

public enum DatabaseProvider
{
    PostgreSql,
    SqlServer,
}

/// <summary>
/// How this process reaches its database, in two roles: <paramref name="Owner"/> migrates and owns the tables,
/// <paramref name="Serving"/> serves and owns nothing.
/// </summary>
/// <param name="ServingRole">The role that migrations grant to; null when owner and serving are one (then only triggers guard the log).</param>
/// <param name="ServingPassword">The serving role's password, where this product made the role itself; null leaves it alone.</param>
public sealed record DatabaseConnection(
    DatabaseProvider Provider, string Owner, string Serving, string? ServingRole, string? ServingPassword)
{
    public const string DefaultServingRole = "nhi_app";

    /// <summary>
    /// Null when the serving role cannot change the audit log, whatever it runs. Otherwise why it could: one login for both roles means
    /// that whoever takes over a serving session can become the owner again.
    /// </summary>
    public string? AuditGuardIsSoft => (Provider, Owner == Serving || LoginOf(Owner) == LoginOf(Serving)) switch
    {
        (_, false) => null,
        (DatabaseProvider.PostgreSql, true) =>
            "One database login both migrates and serves: it serves as a role without rights on the audit log, but could take its own back. "
            + "Name a login of its own for serving: ConnectionStrings:NhiGovernance, and the owner in ConnectionStrings:NhiGovernanceOwner.",
        _ =>
            "One database login both migrates and serves, so only triggers guard the audit log, and their owner can switch them off. "
            + "Name a login of its own for serving: ConnectionStrings:NhiGovernance, and the owner in ConnectionStrings:NhiGovernanceOwner.",
    };

    /// <summary>The seam between providers: nothing else in the host asks which one it is.</summary>
    public DbContextOptionsBuilder Use(DbContextOptionsBuilder options, string connectionString)
    {
        // Bounded counts take the first 10,001 rows of no particular order, and count them.
        options.ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning));
        return Provider switch
        {
            DatabaseProvider.PostgreSql => options.UsePostgreSql(connectionString),
            DatabaseProvider.SqlServer => options.UseSqlServerDatabase(connectionString),
            _ => throw new InvalidOperationException($"No provider {Provider}."),
        };
    }

    public IDialect CreateDialect() => Provider switch
    {
        DatabaseProvider.PostgreSql => new PostgreSqlDialect(Serving),
        DatabaseProvider.SqlServer => new SqlServerDialect(Serving, TimeProvider.System),
        _ => throw new InvalidOperationException($"No provider {Provider}."),
    };

    /// <summary>A context of the owner, for migrations and grants only.</summary>
    internal GovernanceDb OpenAsOwner()
    {
        var options = new DbContextOptionsBuilder<GovernanceDb>();
        Use(options, Owner);
        return new GovernanceDb(options.Options);
    }

    private static string? LoginOf(string connectionString)
    {
        var parts = new System.Data.Common.DbConnectionStringBuilder { ConnectionString = connectionString };
        foreach (var key in new[] { "username", "user id", "uid", "user" })
        {
            if (parts.TryGetValue(key, out var login))
            {
                return login.ToString();
            }
        }

        return null;
    }

    /// <summary>Connection strings hold passwords.</summary>
    public override string ToString() => $"{Provider}";
}
