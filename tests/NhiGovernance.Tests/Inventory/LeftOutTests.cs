using Microsoft.EntityFrameworkCore;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Reconcile;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;
using static NhiGovernance.Tests.Inventory.Stage;

namespace NhiGovernance.Tests.Inventory;

/// <summary>A place that a source's settings leave out is neither gone nor fresh, and what hangs on it neither.</summary>
public sealed class LeftOutTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Scope WebKeys = new("deploy-keys", "acme/web");
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_WithAPlaceLeftOut_CallsItAndWhatHangsOnItNotCoveredAndNeverGone()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.ReadAsync(Whole(Web(ScopeOutcome.Complete, "b", "c")));

        for (var run = 0; run < 4; run++)
        {
            var summary = await stage.ReadAsync(Whole(Web(ScopeOutcome.LeftOut)));
            (summary.WentMissing, summary.HeldBack, summary.ScopesFailed, summary.ScopesDenied).ShouldBe((0, 0, 0, 0));
            await stage.PassAsync(TimeSpan.FromDays(2));
        }

        (await PresenceAsync(stage)).ShouldBe([("a", Presence.Present), ("b", Presence.NotCovered), ("c", Presence.NotCovered)]);
        (await stage.CredentialAsync("b-key")).Presence.ShouldBe(Presence.NotCovered);
        (await ResourceAsync(stage)).ShouldBe(Presence.NotCovered);
        (await stage.ChangesAsync()).Where(c => c.Kind == ChangeKind.Uncovered).Select(c => c.SubjectKind)
            .ShouldBe(["identity", "identity", "credential", "resource"], ignoreOrder: true);
        (await ScopeAsync(stage)).ShouldBe((true, ScopeOutcome.LeftOut));
    }

    [Fact]
    public async Task Run_CutOffAfterAPlaceWasLeftOut_KnowsThatItIsNotCovered()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.ReadAsync(Whole(Web(ScopeOutcome.Complete, "b")));

        await stage.ReadAsync(Whole(Web(ScopeOutcome.LeftOut)).SkipLast(1), readToEnd: false);

        (await PresenceAsync(stage)).ShouldBe([("a", Presence.Present), ("b", Presence.NotCovered)]);
    }

    [Fact]
    public async Task Run_WithThePlaceAgain_SaysWhatIsThereAndWhatIsNot()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.ReadAsync(Whole(Web(ScopeOutcome.Complete, "b", "c")));
        await stage.ReadAsync(Whole(Web(ScopeOutcome.LeftOut)));

        await stage.ReadAsync(Whole(Web(ScopeOutcome.Failed)));
        (await PresenceAsync(stage)).ShouldBe([("a", Presence.Present), ("b", Presence.NotCovered), ("c", Presence.NotCovered)]);
        (await ScopeAsync(stage)).ShouldBe((false, ScopeOutcome.Failed), "it is asked for again, and counts as a gap");

        await stage.ReadAsync(Whole(Web(ScopeOutcome.Complete, "b")));
        (await PresenceAsync(stage)).ShouldBe([("a", Presence.Present), ("b", Presence.Present), ("c", Presence.Missing)]);
        (await ResourceAsync(stage)).ShouldBe(Presence.Present);
        (await stage.ChangesAsync()).Where(c => c.Kind == ChangeKind.CameBack).Select(c => c.SubjectKind)
            .ShouldBe(["identity", "credential", "resource"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(ScopeOutcome.LeftOut)]
    [InlineData(ScopeOutcome.Denied)]
    [InlineData(ScopeOutcome.Failed)]
    public async Task Run_AsLastTimeAfterWhatWasNoReading_CoversItsThingsAgain(ScopeOutcome between)
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.ReadAsync(Whole(Web(ScopeOutcome.Complete, "b")));
        await stage.ReadAsync(Whole(Web(ScopeOutcome.LeftOut)));
        await stage.ReadAsync(Whole(Web(between)));

        await stage.ReadAsync(Whole(Web(ScopeOutcome.Unchanged)));

        (await PresenceAsync(stage)).ShouldBe([("a", Presence.Present), ("b", Presence.Present)]);
    }

    [Theory]
    [InlineData(ScopeOutcome.LeftOut)]
    [InlineData(ScopeOutcome.Denied)]
    [InlineData(ScopeOutcome.Failed)]
    public async Task Run_AsLastTimeAfterThePlaceWasGoneAndBackUnread_RetiresNothingThatIsThere(ScopeOutcome between)
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.ReadAsync(Whole(Web(ScopeOutcome.Complete, "b")));
        await stage.ReadAsync(Whole([]));
        (await stage.IdentityAsync("b")).Presence.ShouldBe(Presence.Missing);
        await stage.ReadAsync(Whole(Web(between)));

        for (var run = 0; run < 3; run++)
        {
            await stage.PassAsync(TimeSpan.FromDays(2));
            await stage.ReadAsync(Whole(Web(ScopeOutcome.Unchanged)));
        }

        (await PresenceAsync(stage)).ShouldBe([("a", Presence.Present), ("b", Presence.Present)]);
    }

    [Fact]
    public async Task Run_ThatMissesMuchOfWhatIsCovered_IsHeldHoweverMuchIsLeftOut()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        var (few, many) = (Names("f", 24), Names("m", 400));
        await stage.ReadAsync(Whole(Web(ScopeOutcome.Complete, many), few));
        await stage.ReadAsync(Whole(Web(ScopeOutcome.LeftOut), few));

        var summary = await stage.ReadAsync(Whole(Web(ScopeOutcome.LeftOut), few[12..]));

        (summary.WentMissing, summary.HeldBack).ShouldBe((0, 12));
        Brake.Holds(few.Length + many.Length, 12).ShouldBeFalse("what nobody looks at would have released the brake");
    }

    private static string[] Names(string letter, int count) => [.. Enumerable.Range(0, count).Select(n => $"{letter}{n}")];

    /// <summary>A complete root with identity "a" and the web repository, which stands as its keys do.</summary>
    private static List<ReadEvent> Whole(IEnumerable<ReadEvent> web, params string[] others)
    {
        var below = web.ToList();
        var isLeftOut = below.OfType<ScopeEnded>().Any(e => e.Outcome == ScopeOutcome.LeftOut);
        var repository = new ResourceObservation("repository:web", ResourceKind.Repository, "acme/web", new("repository", "acme/web")) { LeftOut = isLeftOut };
        return
        [
            new ScopeStarted(Root, null),
            new ScopePage(Root, [Identity("a"), .. below.Count == 0 ? [] : new[] { repository }, .. others.Select(o => Identity(o))]),
            .. below, ScopeEnded.Complete(Root),
        ];
    }

    private static IEnumerable<ReadEvent> Web(ScopeOutcome outcome, params string[] keys) =>
    [
        new ScopeStarted(WebKeys, Root),
        new ScopePage(WebKeys, [.. keys.Select(k => Identity(k)), .. keys.Take(1).Select(k => Credential($"{k}-key", k, "1"))]),
        new ScopeEnded(WebKeys, outcome),
    ];

    private static async Task<List<(string, Presence)>> PresenceAsync(Stage stage) =>
        (await stage.IdentitiesAsync()).ConvertAll(i => (i.NaturalKey, i.Presence));

    private async Task<Presence> ResourceAsync(Stage stage)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        return await db.Set<Resource>().Where(r => r.SourceId == stage.SourceId).Select(r => r.Presence).SingleAsync(Cancel);
    }

    private async Task<(bool IsUncovered, ScopeOutcome? Last)> ScopeAsync(Stage stage)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var scope = await db.Set<SourceScope>().SingleAsync(s => s.SourceId == stage.SourceId && s.Kind == WebKeys.Kind, Cancel);
        (await db.Set<SourceScope>().Where(SourceScope.IsAskedFor).AnyAsync(s => s.Id == scope.Id, Cancel)).ShouldBe(!scope.IsUncovered && !scope.IsGone);
        return (scope.IsUncovered, scope.LastOutcome);
    }
}
