using Microsoft.EntityFrameworkCore;
using NhiGovernance.Audit;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Sources;

namespace NhiGovernance.Tests.Data;

/// <summary>The core of the product on PostgreSQL 15, the oldest that is supported. Everything else runs on the newest.</summary>
public sealed class OldestPostgresTests : IAsyncLifetime
{
    private const string Debian = "/usr/lib/postgresql/15";

    private readonly PostgresServer _server = new(Debian);
    private TestDatabase? _database;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Debian, "bin", "postgres")), "PostgreSQL 15 is not installed; test.sh installs it.");
        _database = new TestDatabase(_server);
        await _database.InitializeAsync();
    }

    [Fact]
    public async Task PollReconcileListExportAndVerify_OnPostgreSql15_Work()
    {
        await using var world = new SourceWorld(_database!);
        (await world.InAsync(db => db.Database.SqlQueryRaw<string>("SELECT current_setting('server_version') AS \"Value\"").SingleAsync(Cancel))).ShouldStartWith("15.");
        var source = await world.AddAsync();

        // Three runs: all is new, one thing changes, one is gone.
        await PollAsync(world, source, (10, added: 10, changed: 0), Things(10, "first"));
        await PollAsync(world, source, (10, added: 0, changed: 1), [.. Things(9, "first"), Thing(9, "renamed")]);
        await PollAsync(world, source, (9, added: 0, changed: 0), Things(9, "first"));

        world.Engine.Actor.Be(Role.Admin);
        var list = (await world.Engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(IdentityFilter.All, Limit: 4), Cancel)).Value;
        (list.Items.Count, list.Next is null).ShouldBe((4, false));
        var next = (await world.Engine.Get<ListIdentities>().RunAsync(new ListIdentitiesRequest(IdentityFilter.All, Cursor: list.Next, Limit: 4), Cancel)).Value;
        next.Items.Select(r => r.Id).ShouldNotContain(id => list.Items.Any(r => r.Id == id));

        (await FoundAsync(world, "q", "key-3")).ShouldBe(["key-3 first"]);
        (await FoundAsync(world, "q", "RENAMED")).ShouldBe(["key-9 renamed"]);

        var facets = (await world.Engine.Get<IdentityFacets>().RunAsync(new IdentityFacetsRequest(IdentityFilter.All), Cancel)).Value;
        facets.Facets.Single(f => f.Key == "kind").Values.Single(v => v.Count?.Value > 0).Count!.Value.Value.ShouldBe(10);
        (await world.Engine.Get<InventorySummary>().RunAsync(new InventorySummaryRequest(), Cancel)).Value.Total.Count.Value.ShouldBe(10);

        var renamed = await world.InAsync(db => db.Set<Identity>().SingleAsync(i => i.NaturalKey == "key-9", Cancel));
        renamed.MissingSince.ShouldNotBeNull();
        (await world.Engine.Get<GetIdentity>().RunAsync(new GetIdentityRequest(renamed.Id), Cancel)).Value.Row.Name.ShouldBe("key-9 renamed");
        (await world.InAsync(db => db.Set<InventoryChange>().Where(c => c.SubjectId == renamed.Id).Select(c => c.Kind).ToListAsync(Cancel)))
            .ShouldBe([ChangeKind.Field, ChangeKind.WentMissing], ignoreOrder: true);

        var exported = 0;
        await foreach (var row in (await world.Engine.Get<ExportIdentities>().RunAsync(new ExportIdentitiesRequest(IdentityFilter.All), Cancel)).Value)
        {
            row.Name.ShouldStartWith("key-");
            exported++;
        }

        exported.ShouldBe(10);
        var audit = (await world.Engine.Get<VerifyAudit>().RunAsync(new VerifyAuditRequest(), Cancel)).Value;
        audit.IsWhole.ShouldBeTrue(audit.Fault?.ToString());
        audit.Entries.ShouldBeGreaterThan(3);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    private static Observation Thing(int number, string word) =>
        new IdentityObservation($"key-{number}", IdentityKind.DeployKey, $"key-{number} {word}", new PlaceReference("repository", "acme/ledger"));

    private static Observation[] Things(int count, string word) => [.. Enumerable.Range(0, count).Select(n => Thing(n, word))];

    private static async Task PollAsync(SourceWorld world, Guid source, (int Seen, int added, int changed) expected, IReadOnlyList<Observation> things)
    {
        var scope = ScriptedConnector.ScopeOf("acme");
        world.Connector.Script = (_, _) => new ReadEvent[] { new ScopeStarted(scope, null), new ScopePage(scope, things), ScopeEnded.Complete(scope) }.ToAsyncEnumerable();
        var run = await world.RunAsync(source);
        (run.State, run.Seen, run.Added, run.Changed, run.Error).ShouldBe((PollState.Complete, expected.Seen, expected.added, expected.changed, null));
    }

    private static async Task<List<string>> FoundAsync(SourceWorld world, string key, string text) =>
        [.. (await world.Engine.Get<ListIdentities>().RunAsync(
            new ListIdentitiesRequest(IdentityFilter.Parse([KeyValuePair.Create(key, (string?)text)]).Value), Cancel)).Value.Items.Select(r => r.Name)];
}
