using Microsoft.EntityFrameworkCore;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;
using static NhiGovernance.Tests.Inventory.Stage;

namespace NhiGovernance.Tests.Inventory;

/// <summary>An organization that is taken out of a source's settings is not gone, and is not there either: nobody looks.</summary>
public sealed class NotCoveredTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Scope Beta = new("repositories", "beta") { Key = "owner:2" };
    private static readonly Scope BetaKeys = new("deploy-keys", "beta/web") { Key = "repository:2" };
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_WithoutARootOfBefore_CallsItsThingsNotCoveredAndNeverGone()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.ReadAsync([.. Listed(Identity("a")), .. OfBeta(ScopeOutcome.Complete, "b", "c")]);

        (await stage.RunAsync(Identity("a"))).WentMissing.ShouldBe(0);
        for (var run = 0; run < 3; run++)
        {
            await stage.PassAsync(TimeSpan.FromDays(2));
            (await stage.RunAsync(Identity("a"))).HeldBack.ShouldBe(0);
        }

        (await PresenceAsync(stage)).ShouldBe([("a", Presence.Present), ("b", Presence.NotCovered), ("c", Presence.NotCovered)]);
        (await stage.ChangesAsync()).Select(c => (c.SubjectKind, c.Kind)).ShouldBe(
            [("identity", ChangeKind.Uncovered), ("identity", ChangeKind.Uncovered), ("credential", ChangeKind.Uncovered)], ignoreOrder: true);
        (await stage.IdentityAsync("b")).Credentials.ShouldBe(1);

        // They are listed, can be asked for, and say when they were last seen; the overview counts them apart.
        engine.Actor.Be(NhiGovernance.Common.UseCases.Role.Admin);
        var asked = await engine.Get<ListIdentities>().RunAsync(
            new ListIdentitiesRequest(new() { States = Choice.Of(nameof(Presence.NotCovered)), Sources = Choice.Of(stage.SourceId.ToString()) }), Cancel);
        asked.Value.Items.Select(i => i.Name).Order().ShouldBe(["b", "c"]);
        asked.Value.Items.ShouldAllBe(i => i.LastSeenAt < (engine.Clock.GetUtcNow() + TimeSpan.FromHours(1)));
        var summary = (await engine.Get<InventorySummary>().RunAsync(new InventorySummaryRequest(), Cancel)).Value;
        summary.States.Single(s => s.Key == nameof(Presence.NotCovered)).Count.Value.ShouldBe(2);
    }

    [Fact]
    public async Task Run_WithTheRootAgain_SaysWhatIsThereAndWhatIsNot()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.ReadAsync([.. Listed(Identity("a")), .. OfBeta(ScopeOutcome.Complete, "b", "c")]);
        await stage.RunAsync(Identity("a"));

        await stage.ReadAsync([.. Listed(Identity("a")), .. OfBeta(ScopeOutcome.Denied)]);
        (await PresenceAsync(stage)).ShouldBe([("a", Presence.Present), ("b", Presence.NotCovered), ("c", Presence.NotCovered)]);

        await stage.ReadAsync([.. Listed(Identity("a")), .. OfBeta(ScopeOutcome.Complete, "b")]);
        (await PresenceAsync(stage)).ShouldBe([("a", Presence.Present), ("b", Presence.Present), ("c", Presence.Missing)]);
    }

    [Fact]
    public async Task Run_WithTheRootAgainAsLastTime_CoversItsThings()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.ReadAsync([.. Listed(Identity("a")), .. OfBeta(ScopeOutcome.Complete, "b")]);
        await stage.RunAsync(Identity("a"));

        await stage.ReadAsync([.. Listed(Identity("a")), .. OfBeta(ScopeOutcome.Unchanged)]);

        (await PresenceAsync(stage)).ShouldBe([("a", Presence.Present), ("b", Presence.Present)]);
    }

    [Theory]
    [InlineData("its place could not be read")]
    [InlineData("the run was cut off")]
    [InlineData("nothing was read")]
    [InlineData("its time has passed")]
    public async Task Run_ThatSaysNothingOfARoot_LeavesItAsItWas(string why)
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        var first = OfBeta(ScopeOutcome.Complete, "b").Select(e => why == "its time has passed" && e is ScopeStarted { Parent: null } s ? s with { Passing = true } : e);
        await stage.ReadAsync([.. Listed(Identity("a")), .. first]);
        Scope organization = new("organization", "BETA");
        await stage.ReadAsync(
            why switch
            {
                "its place could not be read" => [.. Listed(Identity("a")), new ScopeStarted(organization, null), ScopeEnded.Failed(organization, "500")],
                "nothing was read" => [new ScopeStarted(organization, null), ScopeEnded.Failed(organization, "500")],
                _ => Listed(Identity("a")),
            },
            readToEnd: why != "the run was cut off");

        (await PresenceAsync(stage)).ShouldBe([("a", Presence.Present), ("b", Presence.Present)]);
    }

    [Fact]
    public async Task Run_OfALogThatOnlyGrows_MissesNothingThatItLeavesOut()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        Scope log = new("events", "acme/1");
        IEnumerable<ReadEvent> Log(params string[] keys) =>
            [new ScopeStarted(log, null) { Passing = true, OnlyGrows = true }, new ScopePage(log, [.. keys.Select(k => Identity(k))]), ScopeEnded.Complete(log)];
        await stage.ReadAsync([.. Listed(Identity("a")), .. Log("b", "c")]);

        (await stage.ReadAsync([.. Listed(Identity("a")), .. Log("b")])).WentMissing.ShouldBe(0);

        (await PresenceAsync(stage)).ShouldAllBe(p => p.Item2 == Presence.Present);
    }

    [Fact]
    public async Task Run_WithARootOfAnotherNameAndTheSameKey_IsTheSameRoot()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.ReadAsync([.. Listed(Identity("a")), .. OfBeta(ScopeOutcome.Complete, "b")]);

        await stage.ReadAsync([.. Listed(Identity("a")), .. OfBeta(ScopeOutcome.Failed).Select(Renamed)]);

        (await PresenceAsync(stage)).ShouldBe([("a", Presence.Present), ("b", Presence.Present)]);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<SourceScope>().Where(s => s.SourceId == stage.SourceId).Select(s => s.Place).Order().ToListAsync(Cancel)).ShouldBe(["acme", "gamma", "gamma/web"]);

        static ReadEvent Renamed(ReadEvent read)
        {
            static Scope To(Scope scope) => scope with { Place = scope.Place.Replace("beta", "gamma", StringComparison.Ordinal) };
            return read is ScopeStarted { Parent: { } parent } child ? child with { Scope = To(child.Scope), Parent = To(parent) } : read with { Scope = To(read.Scope) };
        }
    }

    private static IEnumerable<ReadEvent> OfBeta(ScopeOutcome outcome, params string[] keys) =>
    [
        new ScopeStarted(Beta, null), new ScopeStarted(BetaKeys, Beta),
        new ScopePage(BetaKeys, [.. keys.Select(k => Identity(k)), .. keys.Take(1).Select(k => Credential($"{k}-key", k, "1"))]),
        new ScopeEnded(BetaKeys, outcome), new ScopeEnded(Beta, outcome),
    ];

    private static async Task<List<(string, Presence)>> PresenceAsync(Stage stage) =>
        (await stage.IdentitiesAsync()).ConvertAll(i => (i.NaturalKey, i.Presence));
}
