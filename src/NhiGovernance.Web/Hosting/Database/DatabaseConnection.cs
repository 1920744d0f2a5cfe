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
/// <param name="ServingRole">The role that migrations grant to; null when they grant to nobody (SQL Server without a serving login that they know).</param>
/// <param name="ServingPassword">The serving role's password, where this product made the role itself; null leaves it alone.</param>
public sealed record DatabaseConnection(
    DatabaseProvider Provider, string Owner, string Serving, string? ServingRole, string? ServingPassword)
{
    public const string DefaultServingRole = "nhi_app";

    /// <summary>
    /// Null when the login that serves cannot change the audit log, whatever it runs: the database said so when it was asked, at the start.
    /// Otherwise why it could; what is not known counts as soft.
    /// </summary>
    public string? AuditGuardIsSoft { get; private set; } = ServingRights.Unknown;

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

    /// <summary>Asks the database for <see cref="AuditGuardIsSoft"/>, which is remembered.</summary>
    internal async Task AskAuditGuardAsync(CancellationToken cancellationToken) =>
        AuditGuardIsSoft = await ServingRights.WhySoftAsync(this, cancellationToken);

    /// <summary>A context of the owner, for migrations and grants only.</summary>
    internal GovernanceDb OpenAsOwner() => Open(Owner);

    /// <summary>A context of the login that serves, for what is asked before there are services to ask.</summary>
    internal GovernanceDb OpenAsServing() => Open(Serving);

    private GovernanceDb Open(string connectionString)
    {
        var options = new DbContextOptionsBuilder<GovernanceDb>();
        Use(options, connectionString);
        return new GovernanceDb(options.Options);
    }

    /// <summary>Connection strings hold passwords.</summary>
    public override string ToString() => $"{Provider}";
}
