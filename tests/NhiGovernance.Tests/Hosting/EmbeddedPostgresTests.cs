using Microsoft.EntityFrameworkCore;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Web.Hosting;
using NhiGovernance.Web.Hosting.Database;
using NhiGovernance.Web.Hosting.Postgres;
using Npgsql;

namespace NhiGovernance.Tests.Hosting;

public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Start_BelowAPathTooLongForASocket_ListensOnLoopbackOnly()
    {
        var deep = Path.Combine(_folder.Path, new string('d', 120));
        await using var server = await StartAsync(deep);

        new NpgsqlConnectionStringBuilder(server.Connection.Owner).Host.ShouldBe("127.0.0.1");
        (await ScalarAsync(server.Connection.Owner, "SHOW listen_addresses")).ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task Start_AfterAnInterruptedInitdb_BeginsAnew()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "postgres", "cluster.draft", "base"));

        await using var server = await StartAsync(_folder.Path);

        (await ScalarAsync(server.Connection.Owner, "SELECT lower('ÉCOLE')")).ShouldBe("école");
    }

    [Fact]
    public async Task Start_WithThePidFileOfAnotherProgram_Starts()
    {
        await using (await StartAsync(_folder.Path))
        {
        }

        // After a restart of the machine the number may belong to anything; here, to these tests.
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, "postgres", "cluster", "postmaster.pid"), $"{Environment.ProcessId}\n/nowhere\n", TestContext.Current.CancellationToken);

        await using var server = await StartAsync(_folder.Path);

        (await ScalarAsync(server.Connection.Owner, "SELECT 'up'")).ShouldBe("up");
    }

    [Fact]
    public async Task Start_WithoutThePasswordsOfItsCluster_NamesTheFile()
    {
        await using (await StartAsync(_folder.Path))
        {
        }

        File.Delete(Path.Combine(_folder.Path, "postgres", "passwords.json"));

        var refused = await Should.ThrowAsync<SettingException>(() => StartAsync(_folder.Path));

        refused.Message.ShouldContain("passwords.json is missing");
    }

    [Fact]
    public async Task Start_Files_AreForTheirOwnerOnly()
    {
        await using var server = await StartAsync(_folder.Path);

        File.GetUnixFileMode(Path.Combine(_folder.Path, "postgres", "passwords.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        foreach (var inner in new[] { "postgres", "postgres/cluster", "postgres/socket", "postgres/log" })
        {
            var mode = File.GetUnixFileMode(Path.Combine(_folder.Path, inner));
            (mode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)).ShouldBe(UnixFileMode.None, inner);
        }
    }

    [Fact]
    public async Task Verbs_OneAfterAnother_WaitForTheFolderInsteadOfSharingAServerThatEnds()
    {
        await using var first = await EmbeddedPostgres.StartAsync(Options(_folder.Path), PostgresUse.Verb, TestContext.Current.CancellationToken);
        var second = EmbeddedPostgres.StartAsync(Options(_folder.Path), PostgresUse.Verb, TestContext.Current.CancellationToken);
        second.IsCompleted.ShouldBeFalse();
        await first.DisposeAsync();

        await using var server = await second;

        server.IsJoined.ShouldBeFalse();
        (await ScalarAsync(server.Connection.Owner, "SELECT 'up'")).ShouldBe("up");
    }

    [Fact]
    public async Task Start_OnDebiansPostgreSql15_MigratesAndServes()
    {
        const string Debian = "/usr/lib/postgresql/15";
        Assert.SkipUnless(File.Exists(Path.Combine(Debian, "bin", "postgres")), "PostgreSQL 15 is not installed; test.sh installs it.");
        await using var server = await EmbeddedPostgres.StartAsync(
            Options(_folder.Path) with { Binaries = Debian }, PostgresUse.Serve, TestContext.Current.CancellationToken);

        await DatabaseSetup.MigrateAsync(server.Connection, TestContext.Current.CancellationToken);

        (await ScalarAsync(server.Connection.Serving, "SHOW server_version")).ShouldStartWith("15.");
        await using var db = server.Connection.OpenAsOwner();
        (await db.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task OneConnectionString_Serving_TakesARoleThatOwnsNothing()
    {
        await using var server = await StartAsync(_folder.Path);
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager
        {
            ["ConnectionStrings:NhiGovernance"] = server.ConnectionTo("postgres").Owner,
        };
        var connection = DatabaseSettings.FromSettings(configuration)!;

        await DatabaseSetup.MigrateAsync(connection, TestContext.Current.CancellationToken);

        (await ScalarAsync(connection.Serving, "SELECT current_user::text")).ShouldBe("nhi_app");
        (await Should.ThrowAsync<PostgresException>(() => ScalarAsync(connection.Serving, "DELETE FROM audit_entries")))
            .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    public void Dispose() => _folder.Dispose();

    private static PostgresOptions Options(string folder) => new(folder, Durable: false);

    private static Task<EmbeddedPostgres> StartAsync(string folder) =>
        EmbeddedPostgres.StartAsync(Options(folder), PostgresUse.Serve, TestContext.Current.CancellationToken);

    private static async Task<string?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (string?)await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
