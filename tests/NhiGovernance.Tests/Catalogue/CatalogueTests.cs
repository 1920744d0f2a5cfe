using NhiGovernance.Access;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Environments;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Catalogue.Products;
using NhiGovernance.Catalogue.Services;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Catalogue;

public sealed class CatalogueTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Payments", "fine")]
    [InlineData("pay--ments", "fine")]
    [InlineData("-pay", "fine")]
    [InlineData("", "fine")]
    [InlineData("pay/ments", "fine")]
    [InlineData("zahlungen-é", "fine")]
    [InlineData("fine", "")]
    [InlineData("fine", " ")]
    [InlineData("fine", "two\nlines")]
    public async Task CreateTeam_BadKeyOrName_IsInvalid(string key, string name)
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Admin);

        (await engine.Get<CreateTeam>().RunAsync(new(key, name), Token)).Error.ShouldBeOfType<Error.Invalid>();
    }

    [Fact]
    public async Task CreateTeam_AsOwnerOrEngineer_IsForbidden()
    {
        await using var engine = database.CreateEngine();
        foreach (var role in new[] { Role.Owner, Role.Engineer, Role.Auditor, Role.Executive, Role.Approver })
        {
            engine.Actor.Be(role);
            (await engine.Get<CreateTeam>().RunAsync(new("no", "No"), Token)).Error.ShouldBeOfType<Error.Forbidden>();
        }
    }

    [Fact]
    public async Task Teams_WholeLife_EachStepIsVisible()
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Admin);
        await engine.Get<CreateTeam>().RunAsync(new("life", "  Life  ", "#life"), Token);
        (await engine.Get<CreateTeam>().RunAsync(new("life", "Other"), Token)).Error.ShouldBeOfType<Error.Conflict>();
        var (ada, bob) = (await PersonAsync(engine, "Ada"), await PersonAsync(engine, "Bob"));

        (await engine.Get<SetTeamMembers>().RunAsync(new("life", [ada], bob), Token)).Error.ShouldBeOfType<Error.Invalid>();
        (await engine.Get<SetTeamMembers>().RunAsync(new("life", [ada, bob], bob), Token)).IsOk.ShouldBeTrue();
        (await engine.Get<SetTeamMembers>().RunAsync(new("life", [bob, ada], ada), Token)).IsOk.ShouldBeTrue();
        var team = (await engine.Get<GetTeam>().RunAsync("life", Token)).Value;
        team.Name.ShouldBe("Life");
        team.Members.Select(m => (m.Name, m.IsLead)).ShouldBe([("Ada", true), ("Bob", false)]);
        (await engine.Get<UpdateTeam>().RunAsync(new("life", "Lives", null, team.Version - 1), Token)).Error.ShouldBeOfType<Error.Conflict>();
        (await engine.Get<UpdateTeam>().RunAsync(new("life", "Lives", null, team.Version), Token)).IsOk.ShouldBeTrue();

        var listed = (await engine.Get<ListTeams>().RunAsync(new("LIVES"), Token)).Value.Items.ShouldHaveSingleItem();
        (listed.Members, listed.Lead, listed.Services).ShouldBe((2, "Ada", 0));

        await engine.Get<CreateService>().RunAsync(new("life-api", "Life API", "life"), Token);
        (await engine.Get<RemoveTeam>().RunAsync("life", Token)).Error.ShouldBeOfType<Error.Conflict>().Message.ShouldContain("1 service");
        await engine.Get<RemoveService>().RunAsync("life-api", Token);
        (await engine.Get<RemoveTeam>().RunAsync("life", Token)).IsOk.ShouldBeTrue();
        (await engine.Get<GetTeam>().RunAsync("life", Token)).Error.ShouldBeOfType<Error.NotFound>();
    }

    [Fact]
    public async Task ListTeams_MoreThanAPage_CursorWalksThroughAll()
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Admin);
        for (var n = 0; n < 5; n++)
        {
            await engine.Get<CreateTeam>().RunAsync(new($"walk-{n}", $"Walk {n}"), Token);
        }

        List<string> seen = [];
        string? cursor = null;
        do
        {
            var page = (await engine.Get<ListTeams>().RunAsync(new("walk-", cursor, 2), Token)).Value;
            page.Count.Value.ShouldBe(5);
            seen.AddRange(page.Items.Select(t => t.Key));
            cursor = page.Next;
        }
        while (cursor is not null);

        seen.ShouldBe(["walk-0", "walk-1", "walk-2", "walk-3", "walk-4"]);
        (await engine.Get<ListTeams>().RunAsync(new(null, "nonsense"), Token)).Error.ShouldBeOfType<Error.Invalid>();
    }

    [Fact]
    public async Task Products_WithServices_CannotBeRemoved()
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Engineer);
        await engine.Get<CreateProduct>().RunAsync(new("shop", "Shop"), Token);
        await engine.Get<CreateService>().RunAsync(new("cart", "Cart", null, "shop"), Token);
        (await engine.Get<CreateService>().RunAsync(new("ghost", "Ghost", "no-team", "no-product"), Token))
            .Error.ShouldBeOfType<Error.Invalid>().Faults.Select(f => f.Field).ShouldBe(["team", "product"]);

        (await engine.Get<RemoveProduct>().RunAsync("shop", Token)).Error.ShouldBeOfType<Error.Conflict>();
        (await engine.Get<GetProduct>().RunAsync("shop", Token)).Value.Services.ShouldBe([new CatalogueLink("cart", "Cart")]);
        (await engine.Get<ListServices>().RunAsync(new(Product: "shop"), Token)).Value.Items.ShouldHaveSingleItem().Product!.Key.ShouldBe("shop");
        (await engine.Get<ListProducts>().RunAsync(new("shop"), Token)).Value.Items.ShouldHaveSingleItem().Services.ShouldBe(1);
        (await engine.Get<UpdateProduct>().RunAsync(new("shop", "Web shop"), Token)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task Environments_WholeLife_EachStepIsVisible()
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Engineer);
        (await engine.Get<CreateEnvironment>().RunAsync(new("bad", "Bad", (EnvironmentKind)9, (EnvironmentTier)9, (DataClass)9), Token))
            .Error.ShouldBeOfType<Error.Invalid>().Faults.Count.ShouldBe(3);
        await engine.Get<CreateEnvironment>().RunAsync(
            new("prod-eu", "Production EU", EnvironmentKind.Production, EnvironmentTier.Tier1, DataClass.Restricted), Token);
        await CatalogueSeed.AddPlacesAsync(database.Contexts, 2, ("environment", "acme/ledger/production"));
        (await engine.Get<SetEnvironmentMapping>().RunAsync(new("prod-eu", [new("environment", "**/production")]), Token)).Value.Places.ShouldBe(1);

        var row = (await engine.Get<ListEnvironments>().RunAsync(new(Kind: EnvironmentKind.Production, Tier: EnvironmentTier.Tier1), Token))
            .Value.Items.ShouldHaveSingleItem();
        (row.Rules, row.Places, row.Identities.Value).ShouldBe((1, 1, 2));
        await engine.Get<UpdateEnvironment>().RunAsync(new("prod-eu", "Prod EU", EnvironmentKind.Drill, EnvironmentTier.Tier3, DataClass.Public), Token);
        (await engine.Get<GetEnvironment>().RunAsync("prod-eu", Token)).Value.Kind.ShouldBe(EnvironmentKind.Drill);
        (await engine.Get<RemoveEnvironment>().RunAsync("prod-eu", Token)).Value.Places.ShouldBe(1);
        (await engine.Get<GetEnvironment>().RunAsync("prod-eu", Token)).Error.ShouldBeOfType<Error.NotFound>();
    }

    [Fact]
    public async Task MergePeople_TeamsAndAddressGoToTheOneWhoStays()
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Admin);
        var from = (await engine.Get<CreatePerson>().RunAsync(new("P. Nair", "Priya@Example.com"), Token)).Value;
        var into = await PersonAsync(engine, "Priya Nair");
        await engine.Get<CreateTeam>().RunAsync(new("merge", "Merge"), Token);
        await engine.Get<SetTeamMembers>().RunAsync(new("merge", [from, into], from), Token);
        await AddAccountAsync(from);

        (await engine.Get<MergePeople>().RunAsync(new(from, into), Token)).IsOk.ShouldBeTrue();

        var person = (await engine.Get<ListPeople>().RunAsync(new(Id: into), Token)).Value.Items.ShouldHaveSingleItem();
        person.Email.ShouldBe("priya@example.com");
        person.Account.ShouldNotBeNull().SignInName.ShouldBe("priya");
        person.Teams.ShouldBe([new CatalogueLink("merge", "Merge")]);
        (await engine.Get<GetTeam>().RunAsync("merge", Token)).Value.Members.ShouldBe([new TeamMemberRow(into, "Priya Nair", true)]);
        (await engine.Get<ListPeople>().RunAsync(new(Id: from), Token)).Value.Items.ShouldBeEmpty();
        (await engine.Get<MergePeople>().RunAsync(new(into, into), Token)).Error.ShouldBeOfType<Error.Invalid>();
    }

    [Fact]
    public async Task SetPersonStatus_LeftWithoutDate_IsInvalid()
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Admin);
        var person = await PersonAsync(engine, "Leaver");

        (await engine.Get<SetPersonStatus>().RunAsync(new(person, PersonStatus.Left, null), Token)).Error.ShouldBeOfType<Error.Invalid>();
        (await engine.Get<SetPersonStatus>().RunAsync(new(person, PersonStatus.Left, new DateOnly(2026, 11, 1)), Token)).IsOk.ShouldBeTrue();
        (await engine.Get<ListPeople>().RunAsync(new(Status: PersonStatus.Left), Token)).Value.Items.ShouldContain(p => p.Id == person);
    }

    private static async Task<Guid> PersonAsync(TestEngine engine, string name) =>
        (await engine.Get<CreatePerson>().RunAsync(new(name), Token)).Value;

    private async Task AddAccountAsync(Guid person)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        db.Add(new Account
        {
            Id = NhiGovernance.Data.Ids.New(TimeProvider.System), PersonId = person, UserName = "priya", NormalizedUserName = "PRIYA",
            Roles = Role.Owner, CreatedAt = TimeProvider.System.GetUtcNow(),
        });
        await db.SaveChangesAsync(Token);
    }
}
