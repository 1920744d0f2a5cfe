using Microsoft.EntityFrameworkCore;
using NhiGovernance.Audit;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Catalogue.Services;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Reconcile;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Web.Inventory;
using static NhiGovernance.Tests.Inventory.Stage;

namespace NhiGovernance.Tests.Inventory;

/// <summary>Where a thing is, and who answers for it because of that, are lines of its time-line.</summary>
public sealed class MovedPlaceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_AfterATransfer_TellsThePlaceAndTheTeamThatFollowsFromIt()
    {
        await using var engine = database.CreateEngine();
        await ServeAsync(engine, "tr-old", "tr-old/**");
        await ServeAsync(engine, "tr-new", "tr-new/**");
        var mine = await TeamAsync(engine, "tr-mine");
        var stage = await OpenAsync(database, engine);
        PlaceReference old = new("repository", "tr-old/api"), now = new("repository", "tr-new/api");
        Observation[] Things(PlaceReference place) =>
        [
            Identity("moves") with { Place = place }, Identity("given") with { Place = place }, Identity("stays") with { Place = old },
            new ResourceObservation("r", ResourceKind.Repository, "api", place),
        ];
        await stage.RunAsync(Things(old));
        (await stage.ChangesAsync()).ShouldBeEmpty("a first sighting is no change, and neither is the team that came with it");
        var given = (await stage.IdentityAsync("given")).Id;
        (await engine.Get<AssignTeam>().RunAsync(new AssignTeamRequest(new([given], null), mine), Cancel)).IsOk.ShouldBeTrue();

        await stage.RunAsync(Things(now));
        await stage.RunAsync(Things(now));

        var moved = await stage.IdentityAsync("moves");
        var changes = await stage.ChangesAsync();
        changes.Where(c => c.SubjectId == moved.Id).Select(Line).ShouldBe(
            [(ChangeKind.Field, "place", "tr-old/api", "tr-new/api"), (ChangeKind.TeamAssigned, InventoryChange.TeamByPlace, "Team tr-old", "Team tr-new")],
            ignoreOrder: true);
        changes.Where(c => c.SubjectId == given || c.SubjectKind == "resource").Select(Line).ShouldBe(
            [(ChangeKind.Field, "place", "tr-old/api", "tr-new/api"), (ChangeKind.Field, "place", "tr-old/api", "tr-new/api")], "a person's word stands");
        changes.Count.ShouldBe(4);
        (await stage.IdentityAsync("given")).TeamId.ShouldBe(mine);
    }

    [Fact]
    public async Task Run_PlaceOfAnotherKindWithTheSamePath_TellsTheKinds()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a") with { Place = new PlaceReference("organization", "twin") });

        await stage.RunAsync(Identity("a") with { Place = new PlaceReference("account", "twin") });

        (await stage.ChangesAsync()).Select(Line).ShouldHaveSingleItem().ShouldBe((ChangeKind.Field, "place", "twin (organization)", "twin (account)"));
    }

    [Fact]
    public async Task SetServiceMapping_OfPlacesWithIdentities_WritesALineForEachThatFollows()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(new[] { "a", "b", "c" }.Select(key => Identity(key) with { Place = new PlaceReference("repository", "mapped/api") }));
        var mine = await TeamAsync(engine, "map-mine");
        var given = (await stage.IdentityAsync("c")).Id;
        (await engine.Get<AssignTeam>().RunAsync(new AssignTeamRequest(new([given], null), mine), Cancel)).IsOk.ShouldBeTrue();
        await TeamAsync(engine, "map-two");

        (await ServeAsync(engine, "map-one", "mapped/**")).Moved.ShouldBe(2);
        (await ServeAsync(engine, "map-one", "mapped/*")).Moved.ShouldBe(0);
        (await engine.Get<UpdateService>().RunAsync(new("map-one", "Service map-one", "map-two", null), Cancel)).Value.Moved.ShouldBe(2);

        foreach (var key in (string[])["a", "b"])
        {
            var lines = await FollowedAsync((await stage.IdentityAsync(key)).Id);
            lines.Select(Line).ShouldBe(
                [
                    (ChangeKind.TeamAssigned, InventoryChange.TeamByPlace, null, "Team map-one"),
                    (ChangeKind.TeamAssigned, InventoryChange.TeamByPlace, "Team map-one", "Team map-two"),
                ],
                key);
            lines.ShouldAllBe(c => c.RunId == null && c.IdentityId == c.SubjectId && c.SubjectKind == "identity");
        }

        (await FollowedAsync(given)).ShouldBeEmpty("it does not follow its place");
    }

    [Fact]
    public async Task Run_AfterOneThatDied_TellsWhomItPutRight()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"), Identity("b"));
        var stale = await TeamAsync(engine, "stale");
        var died = (await stage.StartAsync()).RunId;
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        await db.Set<NhiGovernance.Inventory.Identity>().Where(i => i.SourceId == stage.SourceId && i.NaturalKey == "a")
            .ExecuteUpdateAsync(i => i.SetProperty(x => x.TeamId, stale), Cancel);
        await db.Set<PollRun>().Where(r => r.Id == died).ExecuteUpdateAsync(
            r => r.SetProperty(x => x.State, PollState.Abandoned).SetProperty(x => x.EndedAt, x => x.StartedAt), Cancel);

        await stage.RunAsync(Identity("a"), Identity("b"));

        var change = (await stage.ChangesAsync()).ShouldHaveSingleItem();
        Line(change).ShouldBe((ChangeKind.TeamAssigned, InventoryChange.TeamByPlace, "Team stale", null));
        change.SubjectId.ShouldBe((await stage.IdentityAsync("a")).Id);
        change.RunId.ShouldBe(stage.LastRunId);
        var request = $"run:{stage.LastRunId}";
        var notes = await db.Set<AuditEntry>().Where(e => e.Action == Written.Action && e.RequestId == request).Select(e => e.Note!).ToListAsync(Cancel);
        notes.ShouldHaveSingleItem().ShouldStartWith("run 3: 1 to their place's team; ids sha256:");
    }

    [Fact]
    public void Items_OfAMoveAndOfTeams_SayWhereToAndWhy()
    {
        TimelineEntry Entry(TimelineKind kind, string subject, Guid? run, long? number) => new(
            Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, kind, "identity", Guid.CreateVersion7(), subject, KnownValue.Of("red"), KnownValue.Of("blue"), run, number);

        TimelineItems.From(
            [
                Entry(TimelineKind.Field, "place", Guid.CreateVersion7(), 7), Entry(TimelineKind.TeamAssigned, InventoryChange.TeamByPlace, Guid.CreateVersion7(), 7),
                Entry(TimelineKind.TeamAssigned, InventoryChange.TeamByPlace, null, null), Entry(TimelineKind.TeamAssigned, "team", null, null),
            ])
            .Select(i => (i.Text, i.By, i.Detail)).ShouldBe(
            [
                ("Moved to blue", "run 7", "from red to blue"), ("Team is now blue, by its place's mapping", "run 7", "from red to blue"),
                ("Team is now blue, by its place's mapping", "the mapping of places", "from red to blue"), ("Team is now blue", "a person", "from red to blue"),
            ]);
    }

    private static (ChangeKind Kind, string Subject, string? Before, string? After) Line(InventoryChange change) =>
        (change.Kind, change.Subject, InventoryJson.ReadValue(change.Before)?.Text, InventoryJson.ReadValue(change.After)?.Text);

    private static async Task<Guid> TeamAsync(TestEngine engine, string key) =>
        (await engine.Get<CreateTeam>().RunAsync(new CreateTeamRequest(key, $"Team {key}"), Cancel)).Value;

    /// <summary>A service and its team, both called so, with these places; of one that is there, only the places.</summary>
    private async Task<MappingEffect> ServeAsync(TestEngine engine, string key, string places)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        if (!await db.Set<Service>().AnyAsync(s => s.Key == key, Cancel))
        {
            await TeamAsync(engine, key);
            (await engine.Get<CreateService>().RunAsync(new CreateServiceRequest(key, $"Service {key}", key), Cancel)).IsOk.ShouldBeTrue();
        }

        return (await engine.Get<SetServiceMapping>().RunAsync(new SetServiceMappingRequest(key, [new("repository", places)]), Cancel)).Value;
    }

    /// <summary>Changes that no run made, oldest first.</summary>
    private async Task<List<InventoryChange>> FollowedAsync(Guid identity)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        return await db.Set<InventoryChange>().AsNoTracking().Where(c => c.IdentityId == identity && c.RunId == null && c.Subject == InventoryChange.TeamByPlace)
            .OrderBy(c => c.At).ThenBy(c => c.Id).ToListAsync(Cancel);
    }
}
