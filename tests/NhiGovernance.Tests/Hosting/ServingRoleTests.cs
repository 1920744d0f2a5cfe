using Microsoft.EntityFrameworkCore;
using NhiGovernance.Tests.Fixtures;
using Npgsql;

namespace NhiGovernance.Tests.Hosting;

public sealed class ServingRoleTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Denied = PostgresErrorCodes.InsufficientPrivilege;

    [Theory]
    [InlineData("UPDATE audit_entries SET action = 'x'")]
    [InlineData("DELETE FROM audit_entries")]
    [InlineData("TRUNCATE audit_entries")]
    [InlineData("ALTER TABLE audit_entries DISABLE TRIGGER ALL")]
    [InlineData("DROP TABLE audit_entries")]
    [InlineData("CREATE TABLE another (id int)")]
    [InlineData("DELETE FROM schema_migrations")]
    public async Task Serving_WhatOnlyTheOwnerMay_IsRefused(string sql)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);

        var refused = await Should.ThrowAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync(sql, TestContext.Current.CancellationToken));

        refused.SqlState.ShouldBe(Denied);
    }

    [Theory]
    [InlineData("UPDATE audit_entries SET action = 'x'")]
    [InlineData("DELETE FROM audit_entries")]
    [InlineData("TRUNCATE audit_entries")]
    public async Task Owner_ChangeOfAuditEntries_IsRefusedByTheTrigger(string sql)
    {
        await using var db = database.OpenAsOwner();

        var refused = await Should.ThrowAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync(sql, TestContext.Current.CancellationToken));

        refused.MessageText.ShouldContain("append-only");
    }

    [Fact]
    public async Task Serving_Tables_OwnsNone()
    {
        await using var db = await database.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);

        var owners = await db.Database.SqlQueryRaw<string>("SELECT DISTINCT tableowner AS \"Value\" FROM pg_tables WHERE schemaname = 'public'")
            .ToListAsync(TestContext.Current.CancellationToken);

        owners.ShouldBe(["nhi_owner"]);
    }
}
