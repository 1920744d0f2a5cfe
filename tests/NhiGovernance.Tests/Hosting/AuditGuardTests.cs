using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Sources;
using NhiGovernance.Web.Hosting.Database;
using Npgsql;

namespace NhiGovernance.Tests.Hosting;

/// <summary>Whether the audit log is guarded is what the database says of the login that serves, not what its name looks like.</summary>
public sealed class AuditGuardTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Login = "nhi_guard_test";
    private const string Password = "a-word-for-a-test";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    /// <param name="more">What somebody gave a login of its own beside what the serving role has.</param>
    /// <param name="through">The role that could change the log; null: none.</param>
    [Theory]
    [InlineData("", null)]
    [InlineData("ALTER ROLE nhi_guard_test SUPERUSER", Login)]
    [InlineData("GRANT nhi_owner TO nhi_guard_test", Login)]
    [InlineData("ALTER ROLE nhi_guard_test NOINHERIT; GRANT nhi_owner TO nhi_guard_test", "nhi_owner")]
    [InlineData("GRANT UPDATE ON audit_entries TO nhi_guard_test", Login)]
    [InlineData("GRANT UPDATE (note) ON audit_entries TO nhi_guard_test", Login)]
    [InlineData("GRANT DELETE ON audit_entries TO nhi_guard_test", Login)]
    [InlineData("GRANT TRUNCATE ON audit_entries TO nhi_guard_test", Login)]
    [InlineData("GRANT pg_write_all_data TO nhi_guard_test", Login)]
    public async Task Ask_OfALoginOfItsOwn_SaysThroughWhichRoleItCould(string more, string? through)
    {
        await AsOwnerAsync($"CREATE ROLE {Login} LOGIN PASSWORD '{Password}' IN ROLE nhi_app; {more}");
        try
        {
            var connection = database.Connection with { Serving = As(database.Connection.Serving, Login, Password) };

            await connection.AskAuditGuardAsync(Cancel);

            if (through is null)
            {
                connection.AuditGuardIsSoft.ShouldBeNull();
            }
            else
            {
                connection.AuditGuardIsSoft.ShouldNotBeNull().ShouldContain($"\"{through}\"");
            }
        }
        finally
        {
            await AsOwnerAsync($"DROP OWNED BY {Login}; DROP ROLE {Login}");
        }
    }

    [Fact]
    public async Task Ask_OfTheTwoLoginsOfTheEmbeddedServer_IsGuarded()
    {
        var connection = database.Connection with { };
        connection.AuditGuardIsSoft.ShouldBe(ServingRights.Unknown, "until it is asked");

        await connection.AskAuditGuardAsync(Cancel);

        connection.AuditGuardIsSoft.ShouldBeNull();
    }

    [Fact]
    public async Task Ask_OfOneStringForBoth_IsSoftThoughItServesAsAnotherRole()
    {
        var connection = FromSettings(("ConnectionStrings:NhiGovernance", database.Connection.Owner));
        new NpgsqlConnectionStringBuilder(connection.Serving).Options.ShouldBe("-c role=nhi_app");

        await connection.AskAuditGuardAsync(Cancel);

        connection.AuditGuardIsSoft.ShouldNotBeNull().ShouldContain("\"nhi_owner\"");
    }

    [Fact]
    public async Task Ask_WhereNothingAnswersOrNoLogIs_IsUnknownAndSoft()
    {
        var nowhere = database.Connection with { Serving = "Host=127.0.0.1;Port=1;Username=nobody;Password=none;Database=none" };
        var empty = database.Connection with
        {
            Serving = new NpgsqlConnectionStringBuilder(database.Connection.Serving) { Database = "postgres", Pooling = false }.ConnectionString,
        };

        await nowhere.AskAuditGuardAsync(Cancel);
        await empty.AskAuditGuardAsync(Cancel);

        (nowhere.AuditGuardIsSoft, empty.AuditGuardIsSoft).ShouldBe((ServingRights.Unknown, ServingRights.Unknown));
    }

    [Fact]
    public async Task LineIfSoft_NotKnownYet_WarnsAndAsksAgain()
    {
        var connection = database.Connection with { };

        AuditGuard.LineIfSoft(connection).ShouldStartWith("warning: ");

        await SourceWorld.UntilAsync(() => Task.FromResult(connection.AuditGuardIsSoft is null));
        AuditGuard.LineIfSoft(connection).ShouldBeEmpty();
    }

    [Fact]
    public void FromSettings_SomebodyElseMigrates_UsesTheOnlyStringAsItIs()
    {
        var connection = FromSettings(("ConnectionStrings:NhiGovernance", database.Connection.Serving), ("Database:MigrateOnStart", "false"));

        connection.Owner.ShouldBe(connection.Serving);
        var read = new NpgsqlConnectionStringBuilder(connection.Serving);
        (read.Username, read.Options).ShouldBe((new NpgsqlConnectionStringBuilder(database.Connection.Serving).Username, null));
    }

    [Fact]
    public async Task Start_WithTheServingLoginAlone_IsReadyAndGuarded()
    {
        // The fixture names no migration on start; an empty owner is none.
        await using var app = await TestApplication.StartAsync(
            database, settings: new Dictionary<string, string?> { ["ConnectionStrings:NhiGovernanceOwner"] = string.Empty });

        (await app.Client.GetStringAsync("/readyz", Cancel)).ShouldBe("ready\n");
    }

    private static DatabaseConnection FromSettings(params (string Key, string Value)[] settings) => DatabaseSettings.FromSettings(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build()).ShouldNotBeNull();

    private static string As(string connectionString, string login, string password) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = login, Password = password, Pooling = false }.ConnectionString;

    private async Task AsOwnerAsync(string sql)
    {
        await using var db = database.OpenAsOwner();
        await db.Database.ExecuteSqlRawAsync(sql, Cancel);
    }
}
