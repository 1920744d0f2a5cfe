using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Reconcile;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;
using static NhiGovernance.Tests.Inventory.Stage;

namespace NhiGovernance.Tests.Inventory;

public sealed class DisappearanceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_CompleteWithoutAThing_MarksItMissingThenRetiredAfterTwoRunsAndADay()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"), Identity("b"));

        (await stage.RunAsync(Identity("a"))).WentMissing.ShouldBe(1);
        (await stage.IdentityAsync("b")).Presence.ShouldBe(Presence.Missing);

        await stage.RunAsync(Identity("a"));
        (await stage.IdentityAsync("b")).Presence.ShouldBe(Presence.Missing, "two runs, but not a day");

        await stage.PassAsync(TimeSpan.FromHours(25));
        (await stage.IdentityAsync("b")).Presence.ShouldBe(Presence.Missing, "time alone retires nothing");

        await stage.RunAsync(Identity("a"));
        var retired = await stage.IdentityAsync("b");
        retired.Presence.ShouldBe(Presence.Retired);
        retired.RetiredAt.ShouldNotBeNull();
        (await stage.ChangesAsync()).Select(c => c.Kind).ShouldBe([ChangeKind.WentMissing, ChangeKind.Retired]);
    }

    [Fact]
    public async Task Run_OneDayLaterButOnlyOnce_DoesNotRetire()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"), Identity("b"));
        await stage.RunAsync(Identity("a"));
        await stage.PassAsync(TimeSpan.FromDays(30));

        await stage.ReadAsync([new ScopeStarted(Root, null), new ScopePage(Root, [Identity("a")]), ScopeEnded.Failed(Root, "500")]);

        (await stage.IdentityAsync("b")).Presence.ShouldBe(Presence.Missing);
    }

    [Fact]
    public async Task Run_ThatListsItAgain_BringsItBack()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"), Identity("b"));
        await stage.RunAsync(Identity("a"));

        await stage.RunAsync(Identity("a"), Identity("b"));

        var back = await stage.IdentityAsync("b");
        (back.Presence, back.MissedRuns, back.MissingSince).ShouldBe((Presence.Present, 0, null));
        (await stage.ChangesAsync()).Select(c => c.Kind).ShouldBe([ChangeKind.WentMissing, ChangeKind.CameBack]);
    }

    [Theory]
    [InlineData(ScopeOutcome.Complete, true)]
    [InlineData(ScopeOutcome.Unchanged, false)]
    [InlineData(ScopeOutcome.Denied, false)]
    [InlineData(ScopeOutcome.Failed, false)]
    [InlineData(ScopeOutcome.NotAvailable, false)]
    [InlineData(null, false)]
    public async Task Run_ScopeEnded_OnlyACompleteOneConcludes(ScopeOutcome? outcome, bool concludes)
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"));

        ReadEvent[] events = [new ScopeStarted(Root, null), .. outcome is { } o ? new ReadEvent[] { new ScopeEnded(Root, o) } : []];
        await stage.ReadAsync(events);

        (await stage.IdentityAsync("a")).Presence.ShouldBe(concludes ? Presence.Missing : Presence.Present);
    }

    [Fact]
    public async Task Run_UnchangedAfterMissing_CountsAsOneMore()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"), Identity("b"));
        await stage.RunAsync(Identity("a"));
        await stage.PassAsync(TimeSpan.FromHours(25));

        await stage.ReadAsync([new ScopeStarted(Root, null), ScopeEnded.Unchanged(Root)]);

        (await stage.IdentityAsync("a")).Presence.ShouldBe(Presence.Present);
        (await stage.IdentityAsync("b")).Presence.ShouldBe(Presence.Retired);
    }

    [Fact]
    public async Task Run_UnchangedWithNoCompleteBefore_IsAFailure()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);

        var summary = await stage.ReadAsync([new ScopeStarted(Root, null), ScopeEnded.Unchanged(Root)]);

        (summary.ScopesComplete, summary.ScopesFailed).ShouldBe((0, 1));
    }

    [Theory]
    [InlineData(ScopeOutcome.Complete, true, true)]
    [InlineData(ScopeOutcome.Complete, false, false)]
    [InlineData(ScopeOutcome.Unchanged, true, false)]
    [InlineData(ScopeOutcome.Denied, true, false)]
    [InlineData(ScopeOutcome.Failed, true, false)]
    public async Task Run_ScopeNotStarted_CountsAsEmptyOnlyByItsParentsWord(ScopeOutcome parent, bool readToEnd, bool concludes)
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.ReadAsync([new ScopeStarted(Root, null), ScopeEnded.Complete(Root), new ScopeStarted(Keys, Root), new ScopePage(Keys, [Identity("a")]), ScopeEnded.Complete(Keys)]);

        await stage.ReadAsync([new ScopeStarted(Root, null), new ScopeEnded(Root, parent)], readToEnd);

        (await stage.IdentityAsync("a")).Presence.ShouldBe(concludes ? Presence.Missing : Presence.Present);
    }

    [Fact]
    public async Task Run_MoreThanATenthGone_IsHeldUntilReleased()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        var all = Enumerable.Range(0, 40).Select(i => Identity($"i{i:00}")).ToArray();
        await stage.RunAsync(all);

        var summary = await stage.RunAsync(all.Take(20));

        (summary.WentMissing, summary.HeldBack).ShouldBe((0, 20));
        (await stage.IdentitiesAsync()).ShouldAllBe(i => i.Presence == Presence.Present);

        var things = (await engine.Get<ListHeldThings>().RunAsync(new HeldRunRequest(stage.LastRunId), Token)).Value;
        things.Count.ShouldBe(20);
        things.Items.Where(t => t.Kind == "identity").Select(t => t.IdentityId).ShouldBe(
            (await stage.IdentitiesAsync()).Where(i => int.Parse(i.NaturalKey[1..], System.Globalization.CultureInfo.InvariantCulture) >= 20).Select(i => (Guid?)i.Id), ignoreOrder: true);

        engine.Actor.Be(Role.Approver);
        (await engine.Get<ReleaseHeldRun>().RunAsync(new HeldRunRequest(stage.LastRunId), Token)).Value.Count.ShouldBe(20);
        (await engine.Get<ListHeldThings>().RunAsync(new HeldRunRequest(stage.LastRunId), Token)).Value.Items.ShouldBeEmpty();
        (await stage.IdentitiesAsync()).Count(i => i.Presence == Presence.Missing).ShouldBe(20);
        (await engine.Get<ReleaseHeldRun>().RunAsync(new HeldRunRequest(stage.LastRunId), Token)).Error.ShouldBeOfType<Error.Conflict>();
    }

    [Fact]
    public async Task Run_AfterAHeldOne_SupersedesItAndForgetsWhatItSaw()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        var all = Enumerable.Range(0, 40).Select(i => Identity($"i{i:00}")).ToArray();
        await stage.RunAsync(all);
        await stage.RunAsync(all.Take(20));
        var held = stage.LastRunId;

        // A run that begins, sees half of what was held, and dies.
        await using (var writer = await engine.Get<IObservationSink>().OpenAsync(await stage.StartAsync(), Token))
        {
            await writer.TakeAsync(new ScopeStarted(Root, null), Token);
            await writer.TakeAsync(new ScopePage(Root, all.Take(30).Concat(Fill(InventoryWriter.BatchSize)).ToArray()), Token);
        }

        engine.Actor.Be(Role.Engineer);
        (await engine.Get<ReleaseHeldRun>().RunAsync(new HeldRunRequest(held), Token)).Value.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Discard_OfAHeldRun_MarksNothing()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        var all = Enumerable.Range(0, 40).Select(i => Identity($"i{i:00}")).ToArray();
        await stage.RunAsync(all);
        await stage.RunAsync(all.Take(20));
        engine.Actor.Be(Role.Engineer);

        (await engine.Get<DiscardHeldRun>().RunAsync(new HeldRunRequest(stage.LastRunId), Token)).Value.Count.ShouldBe(20);

        (await stage.IdentitiesAsync()).ShouldAllBe(i => i.Presence == Presence.Present);
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        (await db.Set<PollRun>().SingleAsync(r => r.Id == stage.LastRunId, Token)).State.ShouldBe(PollState.Complete);
    }

    [Fact]
    public async Task Release_ByAToken_IsRefused()
    {
        await using var engine = database.CreateEngine();
        engine.Actor.BeToken("sources:write identities:write");

        (await engine.Get<ReleaseHeldRun>().RunAsync(new HeldRunRequest(engine.NewId()), Token)).Error.ShouldBeOfType<Error.Forbidden>();
    }

    [Fact]
    public async Task Batch_OfAWorkerThatLostItsLease_WritesNothing()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await using var old = await engine.Get<IObservationSink>().OpenAsync(await stage.StartAsync(), Token);
        await old.TakeAsync(new ScopeStarted(Root, null), Token);
        await old.TakeAsync(new ScopePage(Root, [Identity("stale")]), Token);

        await stage.RunAsync(Identity("fresh"));

        await Should.ThrowAsync<LeaseLostException>(() => old.FinishAsync(readToEnd: true, Token));
        (await stage.IdentitiesAsync()).Select(i => i.NaturalKey).ShouldBe(["fresh"]);
        (await stage.IdentityAsync("fresh")).Presence.ShouldBe(Presence.Present);
    }

    [Fact]
    public async Task Run_AfterOneThatDiedBetweenBatches_NeitherDoublesNorLoses()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        var all = Fill(InventoryWriter.BatchSize + 500).ToArray();
        await using (var dying = await engine.Get<IObservationSink>().OpenAsync(await stage.StartAsync(), Token))
        {
            await dying.TakeAsync(new ScopeStarted(Root, null), Token);
            await dying.TakeAsync(new ScopePage(Root, all[..InventoryWriter.BatchSize]), Token);
            await dying.TakeAsync(new ScopePage(Root, all[InventoryWriter.BatchSize..]), Token);
        }

        (await stage.IdentitiesAsync()).Count.ShouldBe(InventoryWriter.BatchSize);

        var summary = await stage.RunAsync(all);

        (summary.Seen, summary.Added, summary.WentMissing).ShouldBe((all.Length, 500, 0));
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        (await db.Set<RunSighting>().CountAsync(s => db.Set<PollRun>().Any(r => r.Id == s.RunId && r.SourceId == stage.SourceId), Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Run_WhoseListSaysNothingOfAbsence_LeavesWhatItLacks()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"), Identity("moved"));
        var read = (await ScopeAsync(stage)).LastCompleteAt;

        await stage.ReadAsync([new ScopeStarted(Root, null), new ScopePage(Root, [Identity("a")]), ScopeEnded.Complete(Root) with { SaysNothingOfAbsence = true }]);

        (await stage.IdentityAsync("moved")).Presence.ShouldBe(Presence.Present);
        (await ScopeAsync(stage)).LastCompleteAt.ShouldBe(read, "nobody saw what it lacks now");
        await stage.RunAsync(Identity("a"));
        (await stage.IdentityAsync("moved")).Presence.ShouldBe(Presence.Missing);

        async Task<SourceScope> ScopeAsync(Stage of)
        {
            await using var db = await database.Contexts.CreateDbContextAsync(Token);
            return await db.Set<SourceScope>().SingleAsync(s => s.SourceId == of.SourceId, Token);
        }
    }

    [Fact]
    public async Task Run_WhoseSightingsWereLost_ConcludesNothing()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        var all = Fill(InventoryWriter.BatchSize).ToArray();
        await stage.RunAsync(all);
        var ticket = await stage.StartAsync();
        await using var writer = await engine.Get<IObservationSink>().OpenAsync(ticket, Token);
        await writer.TakeAsync(new ScopeStarted(Root, null), Token);
        await writer.TakeAsync(new ScopePage(Root, all), Token);
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        await db.Set<RunSighting>().Where(s => s.RunId == ticket.RunId).Take(5).ExecuteDeleteAsync(Token);
        await writer.TakeAsync(ScopeEnded.Complete(Root), Token);

        var summary = await writer.FinishAsync(readToEnd: true, Token);

        summary.WentMissing.ShouldBe(0);
        summary.IsInconclusive.ShouldBeTrue();
        (await stage.IdentitiesAsync()).ShouldAllBe(i => i.Presence == Presence.Present);
    }

    private static IEnumerable<IdentityObservation> Fill(int count) => Enumerable.Range(0, count).Select(i => Identity($"f{i:00000}"));
}
