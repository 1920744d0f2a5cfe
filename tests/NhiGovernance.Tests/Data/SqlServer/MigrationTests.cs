using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using NhiGovernance.Data;
using NhiGovernance.Migrations.PostgreSql;
using NhiGovernance.Migrations.SqlServer;

namespace NhiGovernance.Tests.Data.SqlServer;

public sealed class MigrationTests
{
    [Fact]
    public void Migrations_OfSqlServer_ParseAsTransactSql()
    {
        using var db = SqlServer();
        var script = db.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.NoTransactions);

        var batches = script.Split("\nGO\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        batches.Length.ShouldBeGreaterThan(20);
        batches.ShouldAllBe(b => Parses(b));
    }

    [Fact]
    public void Model_OfSqlServer_HasNoPendingChanges()
    {
        using var db = SqlServer();
        db.Database.HasPendingModelChanges().ShouldBeFalse("Run migrations/add.sh: the model moved on.");
    }

    [Fact]
    public void Model_OfPostgreSql_HasNoPendingChanges()
    {
        var options = new DbContextOptionsBuilder<GovernanceDb>();
        options.UsePostgreSql("Host=nowhere;Database=none");
        using var db = new GovernanceDb(options.Options);
        db.Database.HasPendingModelChanges().ShouldBeFalse("Run migrations/add.sh: the model moved on.");
    }

    [Fact]
    public void Migrations_OfBothDatabases_HaveTheSameNames()
    {
        using var sqlServer = SqlServer();
        var options = new DbContextOptionsBuilder<GovernanceDb>();
        options.UsePostgreSql("Host=nowhere;Database=none");
        using var postgres = new GovernanceDb(options.Options);

        Names(sqlServer).ShouldBe(Names(postgres));

        static string[] Names(GovernanceDb db) =>
            [.. db.Database.GetMigrations().Select(m => m[(m.IndexOf('_', StringComparison.Ordinal) + 1)..])];
    }

    private static bool Parses(string batch)
    {
        TransactSql.ShouldParse(batch);
        return true;
    }

    private static GovernanceDb SqlServer()
    {
        var options = new DbContextOptionsBuilder<GovernanceDb>();
        options.UseSqlServerDatabase("Server=nowhere;Database=none");
        return new GovernanceDb(options.Options);
    }
}
