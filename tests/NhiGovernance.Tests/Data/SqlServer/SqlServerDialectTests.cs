using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Inventory;
using NhiGovernance.Migrations.SqlServer;

namespace NhiGovernance.Tests.Data.SqlServer;

public sealed class SqlServerDialectTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Statements_OfEveryMethod_ParseAsTransactSql()
    {
        await using var connection = new RecordingConnection();
        await using var db = Open(connection);
        var dialect = new UnloadedDialect();
        StagedColumn[] columns =
        [
            new("id", typeof(Guid)), new("name", typeof(string)), new("facts", typeof(string), Json: true), new("seen", typeof(long)),
            new("count", typeof(int)), new("disabled", typeof(bool)), new("at", typeof(DateTimeOffset?)), new("day", typeof(DateOnly)), new("hash", typeof(byte[])),
        ];
        object?[][] rows = [[Guid.Empty, "x", "{}", 1L, 1, false, null, null, Array.Empty<byte>()]];

        await using var transaction = await db.Database.BeginTransactionAsync(Cancellation);
        (await dialect.NowAsync(db, Cancellation)).Offset.ShouldBe(TimeSpan.Zero);
        await dialect.LockAsync(db, "audit", Cancellation);
        var staged = await dialect.StageAsync(db, "staged_rows", columns, rows, Cancellation);
        await dialect.MergeAsync(db, staged, "identities", ["id"], ["id", "name"], ["name"], Cancellation);
        await dialect.MergeAsync(db, staged, "identities", ["id"], ["id", "name"], [], Cancellation);
        await dialect.SignalAsync(db, new ChangeSignal("inventory", Guid.Empty), Cancellation);
        await dialect.GrantServingRoleAsync(db, "nhi_app", null, Cancellation);
        await dialect.WhereContains(db.Set<Identity>(), i => i.SearchText, "50%_[x] o'neil").Select(i => i.Id).ToListAsync(Cancellation);

        staged.ShouldBe("#staged_rows");
        connection.Statements.Count.ShouldBe(8);
        connection.Statements.ShouldAllBe(s => Parses(s));
    }

    [Theory]
    [InlineData("x; DROP TABLE y")]
    [InlineData("Name")]
    [InlineData("")]
    public async Task Stage_WithANameThatIsNoPlainName_IsRefused(string name)
    {
        await using var connection = new RecordingConnection();
        await using var db = Open(connection);
        await using var transaction = await db.Database.BeginTransactionAsync(Cancellation);

        await Should.ThrowAsync<ArgumentException>(() => new UnloadedDialect().StageAsync(db, name, [], [], Cancellation));
        connection.Statements.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lock_WithoutATransaction_IsRefused()
    {
        await using var connection = new RecordingConnection();
        await using var db = Open(connection);

        await Should.ThrowAsync<InvalidOperationException>(() => new UnloadedDialect().LockAsync(db, "audit", Cancellation));
    }

    private static GovernanceDb Open(RecordingConnection connection) =>
        new(new DbContextOptionsBuilder<GovernanceDb>().UseSqlServer(connection).Options);

    private static bool Parses(string statement)
    {
        TransactSql.ShouldParse(statement);
        return true;
    }
}

/// <summary>The dialect without a server to load rows into: it counts them.</summary>
internal sealed class UnloadedDialect() : SqlServerDialect("Server=nowhere", TimeProvider.System)
{
    protected override Task<long> CopyAsync(
        GovernanceDb db, string table, IReadOnlyList<StagedColumn> columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken) =>
        Task.FromResult(rows.LongCount(r => r.Length == columns.Count));
}
