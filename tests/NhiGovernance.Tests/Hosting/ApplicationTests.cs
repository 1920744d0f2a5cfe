using System.Net;
using Microsoft.Extensions.Logging;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Hosting;

public sealed class ApplicationTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Start_InDevelopment_EveryServiceCanBeMade()
    {
        // There the container checks all registrations when it is built.
        await using var app = await TestApplication.StartAsync(
            database, roles: "all", settings: new Dictionary<string, string?> { ["environment"] = "Development" });

        (await app.Client.GetStringAsync("/readyz", TestContext.Current.CancellationToken)).ShouldBe("ready\n");
    }

    [Fact]
    public async Task Start_OneLoginForBothRoles_WarnsInTheLogAndAtReadyz()
    {
        var log = new RecordingLog();
        var settings = new Dictionary<string, string?> { ["ConnectionStrings:NhiGovernance"] = database.Connection.Owner };
        await using var app = await TestApplication.StartAsync(database, b => b.Logging.AddProvider(log), settings: settings);

        log.Lines.ShouldContain(l => l.StartsWith("The audit log is guarded softly.", StringComparison.Ordinal) && l.Contains("ConnectionStrings:NhiGovernanceOwner", StringComparison.Ordinal));
        (await app.Client.GetStringAsync("/readyz", TestContext.Current.CancellationToken)).Split('\n').ShouldBe(
            ["ready", "warning: the audit log is guarded softly; the log and Settings say why and what to do", ""]);
    }

    [Fact]
    public async Task Start_OnAMigratedDatabase_IsAliveAndReadyAndServesItsScript()
    {
        await using var app = await TestApplication.StartAsync(database);

        (await app.Client.GetStringAsync("/healthz", TestContext.Current.CancellationToken)).ShouldBe("alive\n");
        (await app.Client.GetStringAsync("/readyz", TestContext.Current.CancellationToken)).ShouldBe("ready\n");
        var script = await app.Client.GetAsync("/_framework/blazor.web.js", TestContext.Current.CancellationToken);
        script.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await script.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Length.ShouldBeGreaterThan(100_000);
    }
}
