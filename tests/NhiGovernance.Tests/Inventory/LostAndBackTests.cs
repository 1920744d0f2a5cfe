using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Reconcile;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;
using static NhiGovernance.Tests.Inventory.Stage;

namespace NhiGovernance.Tests.Inventory;

/// <summary>What a run lost by itself is not absent, and what was gone with its list comes back with it.</summary>
public sealed class LostAndBackTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_ThatCouldNotStoreABatch_ConcludesNothingAndTakesNoMore()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        var all = Enumerable.Range(0, InventoryWriter.BatchSize).Select(i => Identity($"k{i:00000}")).ToArray();
        await stage.RunAsync([.. all, Identity("last")]);

        var ticket = await stage.StartAsync();
        await using var writer = await engine.Get<IObservationSink>().OpenAsync(ticket, Token);
        await writer.TakeAsync(new ScopeStarted(Root, null), Token);
        using var cut = new CancellationTokenSource();
        await cut.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => writer.TakeAsync(new ScopePage(Root, all), cut.Token));

        await Should.ThrowAsync<InvalidOperationException>(() => writer.TakeAsync(ScopeEnded.Complete(Root), Token));
        await Should.ThrowAsync<InvalidOperationException>(() => writer.FinishAsync(readToEnd: true, Token));
        (await stage.IdentitiesAsync()).ShouldAllBe(i => i.Presence == Presence.Present);
    }

    [Fact]
    public async Task Run_ScopeVanishedAndIsBackAsLastTime_BringsBackWhatWentWithIt()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        ReadEvent[] whole =
        [
            new ScopeStarted(Root, null), new ScopePage(Root, [Identity("repository")]), ScopeEnded.Complete(Root),
            new ScopeStarted(Keys, Root), new ScopePage(Keys, [Identity("key"), Identity("old"), Credential("secret", "key")]), ScopeEnded.Complete(Keys),
        ];
        await stage.ReadAsync(whole);
        await stage.ReadAsync([.. whole[..4], new ScopePage(Keys, [Identity("key"), Credential("secret", "key")]), ScopeEnded.Complete(Keys)]);
        await stage.ReadAsync(whole[..3]);
        (await stage.IdentityAsync("key")).Presence.ShouldBe(Presence.Missing);

        await stage.ReadAsync([.. whole[..4], new ScopeEnded(Keys, ScopeOutcome.Unchanged)]);

        var key = await stage.IdentityAsync("key");
        (key.Presence, key.MissingSince, key.MissedRuns, key.Credentials).ShouldBe((Presence.Present, null, 0, 1));
        (await stage.CredentialAsync("secret")).Presence.ShouldBe(Presence.Present);
        (await stage.IdentityAsync("old")).Presence.ShouldBe(Presence.Missing, "it was gone before its list was");
        (await stage.ChangesAsync()).Count(c => c.Kind == ChangeKind.CameBack).ShouldBe(2);
    }
}
