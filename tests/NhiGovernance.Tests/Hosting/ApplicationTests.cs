using System.Net;
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
