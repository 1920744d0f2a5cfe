using Microsoft.EntityFrameworkCore;
using NhiGovernance.Access;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Inventory;

namespace NhiGovernance.Tests.Catalogue;

/// <summary>Two requests at once: one removes a team while the other gives it something. One of them wins, and the other is told.</summary>
public sealed class AtOnceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task RemoveTeam_WhileAServiceIsGivenToIt_OneOfThemConflicts()
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Admin);
        var team = await TeamAsync(engine);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        await using var meanwhile = await db.Database.BeginTransactionAsync(Cancel);
        db.Add(new Service { Id = engine.NewId(), Key = team.Key, Name = team.Name, TeamId = team.Id });
        await db.SaveChangesAsync(Cancel);
        var removing = engine.Get<RemoveTeam>().RunAsync(team.Key, Cancel);
        await WaitsAsync(removing);
        await meanwhile.CommitAsync(Cancel);

        (await removing).Error.ShouldBeOfType<Error.Conflict>();
        (await ExistsAsync(team.Id)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RemoveTeam_WhileATokenOrAnIdentityIsGivenToIt_NothingBelongsToATeamThatIsGone(bool token)
    {
        for (var round = 0; round < 15; round++)
        {
            await using var engine = database.CreateEngine();
            engine.Actor.Be(Role.Admin);
            var team = await TeamAsync(engine);
            var stage = await Stage.OpenAsync(database, engine);
            await stage.RunAsync(Stage.Identity("a"));
            var identity = (await stage.IdentityAsync("a")).Id;

            var removing = Task.Run(() => engine.Get<RemoveTeam>().RunAsync(team.Key, Cancel), Cancel);
            Task<Error?> giving = Task.Run(async () => token
                ? (await engine.Get<CreateApiToken>().RunAsync(new CreateApiTokenRequest($"token {team.Key}", ["identities:read"], 1, team.Id), Cancel)).Error
                : (await engine.Get<AssignTeam>().RunAsync(new AssignTeamRequest(new IdentitySelection([identity], null), team.Id), Cancel)).Error, Cancel);
            var (removed, refused) = ((await removing).IsOk, await giving);

            (removed ^ refused is null).ShouldBeTrue($"round {round}: removed {removed}, the other {refused}");
            (await ExistsAsync(team.Id)).ShouldBe(!removed);
            (await stage.IdentityAsync("a")).TeamId.ShouldBe(removed || token ? null : team.Id);
        }
    }

    /// <summary>Until a statement of this test's own database waits for a lock.</summary>
    private async Task WaitsAsync(Task other)
    {
        await using var db = database.OpenAsOwner();
        while (!other.IsCompleted && !await db.Database.SqlQueryRaw<bool>(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS \"Value\"").SingleAsync(Cancel))
        {
            await Task.Yield();
        }
    }

    private async Task<Team> TeamAsync(TestEngine engine)
    {
        var key = $"t-{engine.NewId():N}";
        (await engine.Get<CreateTeam>().RunAsync(new(key, key), Cancel)).IsOk.ShouldBeTrue();
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        return await db.Set<Team>().AsNoTracking().SingleAsync(t => t.Key == key, Cancel);
    }

    private async Task<bool> ExistsAsync(Guid team)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        return await db.Set<Team>().AnyAsync(t => t.Id == team, Cancel);
    }
}
