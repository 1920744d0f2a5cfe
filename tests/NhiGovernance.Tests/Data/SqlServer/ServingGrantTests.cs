using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Configuration;
using NhiGovernance.Data;
using NhiGovernance.Migrations.SqlServer;
using NhiGovernance.Web.Hosting;
using NhiGovernance.Web.Hosting.Database;

namespace NhiGovernance.Tests.Data.SqlServer;

/// <summary>What keeps whoever serves from the audit log on SQL Server: grants, the question after them, and the guards. Parsed, never executed.</summary>
public sealed class ServingGrantTests
{
    private const string Owner = "Server=db;Database=nhi;User ID=owner;Password=a";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Server=db;Database=nhi;User ID=NHI-app;Password=b", Owner, SqlServerUser.Role)]
    [InlineData("Server=db;Database=nhi;UID=app;PWD=b;Authentication=Sql Password", Owner, SqlServerUser.Role)]
    [InlineData("Server=db;Database=nhi;User ID=app;Password=b", "Server=db;Database=nhi;Integrated Security=true", SqlServerUser.Role)]
    [InlineData("Server=db;Database=nhi;User ID=Owner;Password=b", Owner, null)]
    [InlineData("Server=db;Database=nhi;Integrated Security=true", Owner, null)]
    [InlineData("Server=db;Database=nhi;User ID=app;Authentication=Active Directory Managed Identity", Owner, null)]
    [InlineData(Owner, null, null)]
    [InlineData(Owner, " ", null)]
    public void FromSettings_OfSqlServer_GrantsToALoginOfItsOwnThatItNames(string serving, string? owner, string? role)
    {
        var connection = FromSettings(serving, owner);

        (connection.Serving, connection.ServingRole, connection.ServingPassword).ShouldBe((serving, role, null));
        connection.Owner.ShouldBe(string.IsNullOrWhiteSpace(owner) ? serving : owner);
    }

    [Fact]
    public void FromSettings_StringThatIsNone_IsNotRepeated() =>
        Should.Throw<SettingException>(() => FromSettings("Server=db;Passwort=not-to-be-shown", Owner)).Message.ShouldNotContain("not-to-be-shown");

    [Theory]
    [InlineData("app", "CREATE USER [app] FOR LOGIN [app];", "ALTER ROLE [nhi_serving] ADD MEMBER [app];")]
    [InlineData("O'Neil]s app", "CREATE USER [O'Neil]]s app] FOR LOGIN [O'Neil]]s app];", "IS_ROLEMEMBER(N'nhi_serving', N'O''Neil]s app')")]
    public async Task Grant_ToALogin_SendsStatementsThatParse(string login, string made, string joined)
    {
        await using var connection = new RecordingConnection();
        await using var db = new GovernanceDb(new DbContextOptionsBuilder<GovernanceDb>().UseSqlServer(connection).Options);

        await SqlServerUser.GrantAsync(new UnloadedDialect(), db, login, SqlServerUser.Role, Cancel);

        connection.Statements.Count.ShouldBe(4);
        foreach (var statement in connection.Statements)
        {
            TransactSql.ShouldParse(statement);
        }

        connection.Statements.ShouldContain(made);
        connection.Statements.ShouldContain(s => s.Contains(joined, StringComparison.Ordinal));
        connection.Statements.ShouldContain(s => s.Contains("DENY UPDATE, DELETE ON OBJECT::dbo.audit_entries TO [nhi_serving]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Grant_ToAUserOfTheRolesName_MakesNoMemberOfItself()
    {
        await using var connection = new RecordingConnection();
        await using var db = new GovernanceDb(new DbContextOptionsBuilder<GovernanceDb>().UseSqlServer(connection).Options);

        await SqlServerUser.GrantAsync(new UnloadedDialect(), db, SqlServerUser.Role, SqlServerUser.Role, Cancel);

        connection.Statements.ShouldNotContain(s => s.Contains("ADD MEMBER", StringComparison.Ordinal));
    }

    [Fact]
    public void Question_WhatTheServingLoginMayDo_ParsesAsTransactSql() => TransactSql.ShouldParse(ServingRights.OfSqlServer);

    [Fact]
    public void Guards_UpAndDown_ParseAndKeepTheLogFromBeingTruncated()
    {
        var options = new DbContextOptionsBuilder<GovernanceDb>();
        options.UseSqlServerDatabase("Server=nowhere;Database=none");
        using var db = new GovernanceDb(options.Options);
        var migrator = db.GetService<IMigrator>();
        const string Before = "20261121000000_Initial";
        const string Guards = "20261121000001_Guards";

        var up = migrator.GenerateScript(Before, Guards, MigrationsSqlGenerationOptions.NoTransactions);
        var down = migrator.GenerateScript(Guards, Before, MigrationsSqlGenerationOptions.NoTransactions);

        up.ShouldContain("FOREIGN KEY (sequence) REFERENCES audit_entries (sequence)");
        down.ShouldContain("DROP TABLE audit_entries_truncate_guard");
        foreach (var batch in $"{up}\nGO\n{down}".Split("\nGO\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            TransactSql.ShouldParse(batch);
        }
    }

    private static DatabaseConnection FromSettings(string serving, string? owner) => DatabaseSettings.FromSettings(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = "SqlServer",
            ["ConnectionStrings:NhiGovernance"] = serving,
            ["ConnectionStrings:NhiGovernanceOwner"] = owner,
        }).Build()).ShouldNotBeNull();
}
