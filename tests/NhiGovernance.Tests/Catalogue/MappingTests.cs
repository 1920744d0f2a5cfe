using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Environments;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Catalogue.Services;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Catalogue;

public sealed class MappingTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Maps what other tests of the class put into the database unmapped, so that an effect's numbers are this test's own.</summary>
    private async Task SettleAsync(TestEngine engine)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        await using var transaction = await db.Database.BeginTransactionAsync(Token);
        await engine.Get<IPlaceMapper>().MapAllAsync(db, null, Token);
        await transaction.CommitAsync(Token);
    }

    [Fact]
    public async Task SetServiceMapping_ThenAnotherTeam_IdentitiesFollowUnlessAssigned()
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Admin);
        await SettleAsync(engine);
        var places = await CatalogueSeed.AddPlacesAsync(database.Contexts, 2, ("repository", "move/api"), ("repository", "move/web"), ("repository", "other/x"));
        var (red, blue) = (await TeamAsync(engine, "red"), await TeamAsync(engine, "blue"));
        var assigned = await AssignAsync(places[1], blue);
        await engine.Get<CreateService>().RunAsync(new("move", "Move", "red"), Token);

        var mapped = await engine.Get<SetServiceMapping>().RunAsync(new("move", [new("repository", "MOVE/*")]), Token);

        mapped.Value.ShouldBe(new MappingEffect(2, 3));
        (await TeamsOfAsync(places)).ShouldBe([red, red, red, blue, null, null], ignoreOrder: true);

        var moved = await engine.Get<UpdateService>().RunAsync(new("move", "Move", "blue", null), Token);

        moved.Value.ShouldBe(new MappingEffect(2, 3));
        (await TeamsOfAsync(places)).ShouldBe([blue, blue, blue, blue, null, null], ignoreOrder: true);

        var removed = await engine.Get<RemoveService>().RunAsync("move", Token);

        removed.Value.Places.ShouldBe(2);
        (await TeamsOfAsync(places)).ShouldBe([null, null, null, blue, null, null], ignoreOrder: true);
        (await IdentityTeamAsync(assigned)).ShouldBe(blue);
    }

    [Fact]
    public async Task SetServiceMapping_AnotherTeam_ChangesWhoSees()
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Admin);
        await CatalogueSeed.AddPlacesAsync(database.Contexts, 3, ("repository", "sees/api"));
        var (one, two) = (await TeamAsync(engine, "sees-one"), await TeamAsync(engine, "sees-two"));
        await engine.Get<CreateService>().RunAsync(new("sees", "Sees", "sees-one"), Token);
        await engine.Get<SetServiceMapping>().RunAsync(new("sees", [new("repository", "sees/**")]), Token);

        engine.Actor.Be(Role.Owner, one);
        (await engine.Get<GetService>().RunAsync("sees", Token)).Value.Identities.Value.ShouldBe(3);
        engine.Actor.Be(Role.Owner, two);
        (await engine.Get<GetService>().RunAsync("sees", Token)).Value.Identities.Value.ShouldBe(0);

        engine.Actor.Be(Role.Admin);
        await engine.Get<UpdateService>().RunAsync(new("sees", "Sees", "sees-two", null), Token);

        engine.Actor.Be(Role.Owner, one);
        (await engine.Get<GetTeam>().RunAsync("sees-two", Token)).Value.Identities.Value.ShouldBe(0);
        engine.Actor.Be(Role.Owner, two);
        (await engine.Get<GetTeam>().RunAsync("sees-two", Token)).Value.Identities.Value.ShouldBe(3);
    }

    [Fact]
    public async Task PreviewMapping_ThenSave_EffectIsWhatWasShown()
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Engineer);
        await CatalogueSeed.AddPlacesAsync(
            database.Contexts, 1, [.. Enumerable.Range(0, 70).Select(n => ("repository", $"preview/pay-{n}")), ("repository", "preview/ledger")]);
        await engine.Get<CreateService>().RunAsync(new("pv-first", "First"), Token);
        await engine.Get<SetServiceMapping>().RunAsync(new("pv-first", [new("repository", "preview/pay-1")]), Token);
        await engine.Get<CreateService>().RunAsync(new("pv-last", "Last"), Token);
        await engine.Get<SetServiceMapping>().RunAsync(new("pv-last", [new("repository", "preview/pay-2")]), Token);
        await engine.Get<CreateService>().RunAsync(new("pv-mine", "Mine"), Token);
        await engine.Get<SetServiceMapping>().RunAsync(new("pv-mine", [new("repository", "preview/ledger")]), Token);
        RuleInput[] draft = [new("repository", "preview/pay-*"), new("repository", "preview/nothing")];

        var shown = (await engine.Get<PreviewMapping>().RunAsync(new(MappingTarget.Service, "pv-mine", draft), Token)).Value;
        await engine.Get<SetServiceMapping>().RunAsync(new("pv-mine", draft), Token);

        (shown.Belong, shown.Joining, shown.Leaving, shown.Claimed).ShouldBe((68, 68, 1, 2));
        shown.Identities.Value.ShouldBe(68);
        shown.Unmatched.ShouldBe([new RuleInput("repository", "preview/nothing")]);
        shown.Places.Count.ShouldBe(PreviewMapping.Shown);
        shown.Places.Where(p => p.Outcome == PreviewOutcome.ClaimedByOther).Select(p => p.Other).ShouldBe(["First", "Last"], ignoreOrder: true);
        (await engine.Get<GetService>().RunAsync("pv-mine", Token)).Value.Places.ShouldBe(shown.Belong);
        var after = (await engine.Get<PreviewMapping>().RunAsync(new(MappingTarget.Service, "pv-mine", draft), Token)).Value;
        (after.Belong, after.Joining, after.Leaving).ShouldBe((68, 0, 0));
    }

    [Fact]
    public async Task MapAll_AfterManyChanges_EqualsMappingFromScratch()
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Admin);
        await TeamAsync(engine, "scratch");
        string[] names = ["a", "b", "ab", "b/a", "a/b", "ba"];
        await CatalogueSeed.AddPlacesAsync(database.Contexts, 1, names.Select(n => ("namespace", "scratch/" + n)));
        await engine.Get<CreateService>().RunAsync(new("scr-one", "Scratch one", "scratch"), Token);
        await engine.Get<CreateService>().RunAsync(new("scr-two", "Scratch two"), Token);
        await engine.Get<CreateEnvironment>().RunAsync(
            new("scr-env", "Scratch", EnvironmentKind.Staging, EnvironmentTier.Tier2, DataClass.Internal), Token);
        var random = new Random(20261121);
        string[] patterns = ["scratch/*", "scratch/**", "scratch/a*", "scratch/?", "scratch/b/a", "scratch/*b"];
        for (var step = 0; step < 12; step++)
        {
            var rules = patterns.Where(_ => random.Next(3) == 0).Select(p => new RuleInput("namespace", p)).ToList();
            var done = (step % 3) switch
            {
                0 => await engine.Get<SetServiceMapping>().RunAsync(new("scr-one", rules), Token),
                1 => await engine.Get<SetServiceMapping>().RunAsync(new("scr-two", rules), Token),
                _ => await engine.Get<SetEnvironmentMapping>().RunAsync(new("scr-env", rules), Token),
            };
            done.IsOk.ShouldBeTrue();
        }

        await ShouldEqualScratchAsync(database.Contexts);
    }

    [Fact]
    public async Task MapAsync_NewPlace_IsMappedByTheRulesOfNow()
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Admin);
        await engine.Get<CreateService>().RunAsync(new("fresh", "Fresh"), Token);
        await engine.Get<SetServiceMapping>().RunAsync(new("fresh", [new("image", "registry/fresh/**")]), Token);
        var places = await CatalogueSeed.AddPlacesAsync(database.Contexts, 0, ("image", "registry/fresh/api"), ("image", "registry/else"));
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        await using var transaction = await db.Database.BeginTransactionAsync(Token);

        var effect = await engine.Get<IPlaceMapper>().MapAsync(db, [.. places.Select(p => p.Id)], Token);

        effect.Places.ShouldBe(1);
    }

    [Theory]
    [InlineData("", "a")]
    [InlineData("planet", "a")]
    [InlineData("repository", "")]
    [InlineData("repository", "a\nb")]
    public async Task SetServiceMapping_BadRule_NamesTheField(string kind, string pattern)
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Admin);

        var refused = await engine.Get<SetServiceMapping>().RunAsync(new("whatever", [new("image", "fine"), new(kind, pattern)]), Token);

        refused.Error.ShouldBeOfType<Error.Invalid>().Faults.ShouldAllBe(f => f.Field.StartsWith("rules[1]."));
    }

    [Fact]
    public async Task SetServiceMapping_ThreeHundredHostilePatterns_IsRefusedAboveTheLimit()
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Engineer);
        var rules = Enumerable.Range(0, 201).Select(n => new RuleInput("image", string.Concat(Enumerable.Repeat("*a", 100)) + n)).ToList();

        (await engine.Get<SetServiceMapping>().RunAsync(new("whatever", rules), Token)).Error.ShouldBeOfType<Error.Invalid>();
    }

    private static async Task ShouldEqualScratchAsync(IDbContextFactory<GovernanceDb> contexts)
    {
        await using var db = await contexts.CreateDbContextAsync(Token);
        var mapping = await PlaceMapper.LoadAsync(db, Token);
        var environments = (await db.Set<PlaceEnvironment>().ToListAsync(Token)).ToLookup(e => e.PlaceId, e => e.EnvironmentId);
        foreach (var place in await db.Set<Place>().Where(p => p.Kind == "namespace").ToListAsync(Token))
        {
            var scratch = mapping.Of(place.Kind, place.Path);
            (place.ServiceId, place.TeamId).ShouldBe((scratch.ServiceId, scratch.TeamId), place.Path);
            environments[place.Id].ShouldBe(scratch.Environments, ignoreOrder: true, place.Path);
            (await db.Set<Identity>().Where(i => i.PlaceId == place.Id).Select(i => i.TeamId).ToListAsync(Token)).ShouldAllBe(t => t == scratch.TeamId);
        }
    }

    private static async Task<Guid> TeamAsync(TestEngine engine, string key) =>
        (await engine.Get<CreateTeam>().RunAsync(new(key, $"Team {key}"), Token)).Value;

    private async Task<Guid> AssignAsync(Place place, Guid team)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        var identity = await db.Set<Identity>().FirstAsync(i => i.PlaceId == place.Id, Token);
        (identity.AssignedTeamId, identity.TeamId) = (team, team);
        await db.SaveChangesAsync(Token);
        return identity.Id;
    }

    private async Task<List<Guid?>> TeamsOfAsync(IReadOnlyList<Place> places)
    {
        var ids = places.Select(p => p.Id).ToArray();
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        return await db.Set<Identity>().Where(i => ids.Contains(i.PlaceId)).Select(i => i.TeamId).ToListAsync(Token);
    }

    private async Task<Guid?> IdentityTeamAsync(Guid id)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        return (await db.Set<Identity>().FirstAsync(i => i.Id == id, Token)).TeamId;
    }
}
