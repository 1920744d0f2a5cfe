using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Inventory;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;
using static NhiGovernance.Tests.Inventory.Stage;

namespace NhiGovernance.Tests.Inventory;

/// <summary>Whose an identity is, when several have a say: an undo, a removed team, a run that died.</summary>
public sealed class TeamKeepingTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Undo_AfterAnotherAssignment_IsAConflictAndChangesNothing()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"), Identity("b"));
        var ids = (await stage.IdentitiesAsync()).ConvertAll(i => i.Id);
        var (one, two) = (await TeamAsync(engine), await TeamAsync(engine));

        var first = await AssignAsync(engine, ids, one);
        var before = first.Value.Before!.ShouldHaveSingleItem();

        // Somebody else gives one of them away and back: the same team, another decision.
        await AssignAsync(engine, [ids[1]], two);
        await AssignAsync(engine, [ids[1]], one);
        (await AssignAsync(engine, before.Ids, before.TeamId, first.Value.AssignmentId)).Error.ShouldBeOfType<Error.Conflict>();
        (await stage.IdentitiesAsync()).ShouldAllBe(i => i.TeamId == one);

        var again = await AssignAsync(engine, ids, two);
        before = again.Value.Before!.ShouldHaveSingleItem();
        (await AssignAsync(engine, before.Ids, before.TeamId, again.Value.AssignmentId)).Value.Changed.ShouldBe(2);
        (await stage.IdentitiesAsync()).ShouldAllBe(i => i.TeamId == one);

        // A run that writes the row anew leaves the assignment alone.
        await stage.RunAsync(Identity("a", "renamed"), Identity("b"));
        (await stage.IdentitiesAsync()).ShouldAllBe(i => i.TeamId == one && i.AssignmentId != null);
    }

    [Fact]
    public async Task RemoveTeam_OfRetiredThings_LeavesThemWithoutIt()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"), Identity("b"));
        var team = await TeamAsync(engine);
        var id = (await stage.IdentityAsync("b")).Id;
        await AssignAsync(engine, [id], team);
        var key = await KeyAsync(team);
        (await engine.Get<RemoveTeam>().RunAsync(key, Cancel)).Error.ShouldBeOfType<Error.Conflict>();
        await stage.RunAsync(Identity("a"));
        await stage.PassAsync(TimeSpan.FromDays(2));
        await stage.RunAsync(Identity("a"));

        (await engine.Get<RemoveTeam>().RunAsync(key, Cancel)).IsOk.ShouldBeTrue();

        // It comes back: nobody's, not a team's that is no more.
        await stage.RunAsync(Identity("a"), Identity("b"));
        var back = await stage.IdentityAsync("b");
        (back.Presence, back.TeamId, back.AssignedTeamId).ShouldBe((Presence.Present, null, null));
    }

    [Theory]
    [InlineData(PollState.Abandoned)]
    [InlineData(PollState.Failed)]
    public async Task Run_AfterOneThatDied_PutsItsStaleTeamsRight(PollState end)
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"), Identity("b"));
        var (stale, mine) = (await TeamAsync(engine), await TeamAsync(engine));
        await AssignAsync(engine, [(await stage.IdentityAsync("b")).Id], mine);
        var died = (await stage.StartAsync()).RunId;
        await using (var db = await database.Contexts.CreateDbContextAsync(Cancel))
        {
            // What the run that died had written, by a rule that was changed while it wrote.
            await db.Set<NhiGovernance.Inventory.Identity>().Where(i => i.SourceId == stage.SourceId && i.NaturalKey == "a")
                .ExecuteUpdateAsync(i => i.SetProperty(x => x.TeamId, stale), Cancel);
            await db.Set<PollRun>().Where(r => r.Id == died).ExecuteUpdateAsync(
                r => r.SetProperty(x => x.State, end).SetProperty(x => x.EndedAt, x => x.StartedAt), Cancel);
        }

        (await stage.RunAsync(Identity("a"), Identity("b"))).Changed.ShouldBe(0);

        (await stage.IdentityAsync("a")).TeamId.ShouldBeNull();
        (await stage.IdentityAsync("b")).TeamId.ShouldBe(mine, "a person's word stands");
    }

    [Fact]
    public async Task Run_AfterOneThatDiedAndOneThatNeverBegan_PutsItsStaleTeamsRight()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"));
        var stale = await TeamAsync(engine);
        var died = (await stage.StartAsync()).RunId;
        await EndAsync(died, PollState.Abandoned);
        await using (var db = await database.Contexts.CreateDbContextAsync(Cancel))
        {
            await db.Set<NhiGovernance.Inventory.Identity>().Where(i => i.SourceId == stage.SourceId).ExecuteUpdateAsync(i => i.SetProperty(x => x.TeamId, stale), Cancel);
        }

        await EndAsync((await stage.StartAsync()).RunId, PollState.Cancelled);

        (await stage.RunAsync(Identity("a"))).Changed.ShouldBe(0);

        (await stage.IdentityAsync("a")).TeamId.ShouldBeNull();

        async Task EndAsync(Guid run, PollState state)
        {
            await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
            await db.Set<PollRun>().Where(r => r.Id == run).ExecuteUpdateAsync(
                r => r.SetProperty(x => x.State, state).SetProperty(x => x.EndedAt, x => x.StartedAt), Cancel);
        }
    }

    [Fact]
    public async Task AssignTeam_ToNobodyWhileAPlaceIsMapped_TakesThePlacesNewTeam()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"));
        var identity = await stage.IdentityAsync("a");
        var (mine, mapped) = (await TeamAsync(engine), await TeamAsync(engine));
        await AssignAsync(engine, [identity.Id], mine);

        // Somebody saves a rule: the place gets another team, and its identities follow, but for those that are assigned.
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        await using var mapping = await db.Database.BeginTransactionAsync(Cancel);
        await database.Dialect.LockAsync(db, NhiGovernance.Catalogue.Mapping.PlaceMapper.Lock, Cancel);
        var places = db.Set<Place>().Where(p => p.Id == identity.PlaceId);
        var before = await places.Select(p => p.TeamId).SingleAsync(Cancel);
        await places.ExecuteUpdateAsync(p => p.SetProperty(x => x.TeamId, mapped), Cancel);
        var assigning = Task.Run(() => AssignAsync(engine, [identity.Id], null), Cancel);
        await Sources.SourceWorld.UntilAsync(async () => assigning.IsCompleted || await WaitsAsync());
        await mapping.CommitAsync(Cancel);
        (await assigning).IsOk.ShouldBeTrue();

        (await stage.IdentityAsync("a")).TeamId.ShouldBe(mapped);
        await places.ExecuteUpdateAsync(p => p.SetProperty(x => x.TeamId, before), Cancel);

        async Task<bool> WaitsAsync()
        {
            await using var look = database.OpenAsOwner();
            return await look.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted").SingleAsync(Cancel) > 0;
        }
    }

    [Fact]
    public async Task ListCredentials_ByText_IsServedByAnIndex()
    {
        await using var db = database.OpenAsOwner();
#pragma warning disable CA1304, CA1311 // Translated to SQL.
        var sql = database.Dialect.WhereContains(db.Set<NhiGovernance.Inventory.Credential>().AsNoTracking(), c => c.Name.ToLower(), "deploy").ToQueryString();
#pragma warning restore CA1304, CA1311
        await db.Database.OpenConnectionAsync(Cancel);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"SET enable_seqscan = off; EXPLAIN {sql}";
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var plan = new List<string>();
        while (await reader.ReadAsync(Cancel))
        {
            plan.Add(reader.GetString(0));
        }

        string.Join('\n', plan).ShouldContain("ix_credentials_name_trgm");
    }

    private static async Task<Result<AssignTeamResult>> AssignAsync(TestEngine engine, IReadOnlyList<Guid> ids, Guid? team, Guid? undo = null) =>
        await engine.Get<AssignTeam>().RunAsync(new AssignTeamRequest(new(ids, null), team, undo), Cancel);

    private async Task<Guid> TeamAsync(TestEngine engine)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var team = new Team { Id = engine.NewId(), Key = $"t-{Guid.CreateVersion7()}", Name = $"Team {Guid.CreateVersion7()}" };
        db.Add(team);
        await db.SaveChangesAsync(Cancel);
        return team.Id;
    }

    private async Task<string> KeyAsync(Guid team)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        return await db.Set<Team>().Where(t => t.Id == team).Select(t => t.Key).SingleAsync(Cancel);
    }
}
