using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Access.Views;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Access;

public sealed class SavedViewTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Page = "/identities";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("?b=2&a=1", "a=1&b=2")]
    [InlineData("a=1&cursor=abc&from=50&open=x&q=", "a=1")]
    [InlineData("q=two+words", "q=two%20words")]
    [InlineData("q=two%20words", "q=two%20words")]
    [InlineData("&?=a", "%3F=a")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Normal_TheSameState_IsTheSameText(string? query, string normal) => ViewQuery.Normal(query).ShouldBe(normal);

    [Fact]
    public void Normal_OfANormalForm_ChangesNothing() =>
        Prop.ForAll<string?>(query => ViewQuery.Normal(ViewQuery.Normal(query)) == ViewQuery.Normal(query)).CheckCases();

    [Fact]
    public async Task Views_OfOnePerson_AreSeenByNobodyElse_UntilShared()
    {
        await using var engine = database.CreateEngine();
        var team = await TeamAsync(engine);
        var mine = engine.Actor.Be(Role.Owner, team);
        var view = (await engine.Get<SaveView>().RunAsync(new SaveViewRequest(Page, "Mine", "?alters=true&cursor=x"), Cancellation)).Value;
        (await ListAsync(engine)).ShouldHaveSingleItem().Query.ShouldBe("alters=true");

        engine.Actor.Be(Role.Admin);
        (await ListAsync(engine)).ShouldNotContain(v => v.Id == view);
        (await engine.Get<RenameView>().RunAsync(new RenameViewRequest(view, "Theirs"), Cancellation)).Error.ShouldBeOfType<Error.NotFound>();

        Be(engine, mine, team);
        (await engine.Get<ShareView>().RunAsync(new ShareViewRequest(view, team), Cancellation)).IsOk.ShouldBeTrue();
        engine.Actor.Be(Role.Owner);
        (await ListAsync(engine)).ShouldNotContain(v => v.Id == view);
        engine.Actor.Be(Role.Owner, team);
        (await ListAsync(engine)).Single(v => v.Id == view).ShouldSatisfyAllConditions(v => v.MayChange.ShouldBeFalse(), v => v.TeamId.ShouldBe(team));
        (await engine.Get<DeleteView>().RunAsync(new DeleteViewRequest(view), Cancellation)).Error.ShouldBeOfType<Error.Forbidden>();
    }

    [Fact]
    public async Task Share_WithATeamOfOthers_IsRefused()
    {
        await using var engine = database.CreateEngine();
        var (own, other) = (await TeamAsync(engine), await TeamAsync(engine));
        engine.Actor.Be(Role.Owner, own);
        (await engine.Get<SaveView>().RunAsync(new SaveViewRequest(Page, "Shared", "", other), Cancellation)).Error.ShouldBeOfType<Error.NotFound>();
        var view = (await engine.Get<SaveView>().RunAsync(new SaveViewRequest(Page, "Shared", "", own), Cancellation)).Value;
        (await engine.Get<ShareView>().RunAsync(new ShareViewRequest(view, other), Cancellation)).Error.ShouldBeOfType<Error.NotFound>();
    }

    [Fact]
    public async Task Default_OfADeletedView_IsThePlainListAgain()
    {
        await using var engine = database.CreateEngine();
        var me = engine.Actor.Be(Role.Owner);
        var one = (await engine.Get<SaveView>().RunAsync(new SaveViewRequest(Page, "One", "kind=Bot"), Cancellation)).Value;
        var two = (await engine.Get<SaveView>().RunAsync(new SaveViewRequest(Page, "Two", "kind=Runner"), Cancellation)).Value;
        await engine.Get<SetDefaultView>().RunAsync(new SetDefaultViewRequest(Page, one), Cancellation);
        await engine.Get<SetDefaultView>().RunAsync(new SetDefaultViewRequest(Page, two), Cancellation);
        (await engine.Get<ListViews>().RunAsync(new ListViewsRequest(null), Cancellation)).Value.ShouldHaveSingleItem().Href.ShouldBe("/identities?kind=Runner");

        (await engine.Get<DeleteView>().RunAsync(new DeleteViewRequest(two), Cancellation)).IsOk.ShouldBeTrue();
        (await engine.Get<ListViews>().RunAsync(new ListViewsRequest(null), Cancellation)).Value.ShouldBeEmpty();
        await using var db = await database.Contexts.CreateDbContextAsync(Cancellation);
        (await db.Set<DefaultView>().AnyAsync(d => d.AccountId == me, Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Shared_WithATeamThatIsGone_StaysItsMakers()
    {
        await using var engine = database.CreateEngine();
        var key = $"gone-{engine.NewId():n}";
        await engine.Get<CreateTeam>().RunAsync(new CreateTeamRequest(key, key, null), Cancellation);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancellation);
        var team = await db.Set<Team>().Where(t => t.Key == key).Select(t => t.Id).SingleAsync(Cancellation);
        var mine = engine.Actor.Be(Role.Owner, team);
        var view = (await engine.Get<SaveView>().RunAsync(new SaveViewRequest(Page, "Kept", "kind=Bot", team), Cancellation)).Value;
        engine.Actor.BeSystem("test");
        (await engine.Get<RemoveTeam>().RunAsync(key, Cancellation)).IsOk.ShouldBeTrue();

        Be(engine, mine);
        (await ListAsync(engine)).Single(v => v.Id == view).Team.ShouldBeNull();
        engine.Actor.Be(Role.Admin);
        (await ListAsync(engine)).ShouldNotContain(v => v.Id == view);
    }

    [Theory]
    [InlineData("//evil.example", "Name")]
    [InlineData("https://evil.example", "Name")]
    [InlineData("/identities?x=1", "Name")]
    [InlineData("/identities", "")]
    [InlineData("/identities", "a\nb")]
    public async Task Save_APageOrNameThatIsNone_IsRefused(string page, string name)
    {
        await using var engine = database.CreateEngine();
        engine.Actor.Be(Role.Owner);
        (await engine.Get<SaveView>().RunAsync(new SaveViewRequest(page, name, "kind=Bot"), Cancellation)).Error.ShouldBeOfType<Error.Invalid>();
    }

    private static void Be(TestEngine engine, Guid person, params Guid[] teams) => engine.Actor.BeAgain(person, Role.Owner, teams);

    private static async Task<IReadOnlyList<SavedViewRow>> ListAsync(TestEngine engine) =>
        (await engine.Get<ListViews>().RunAsync(new ListViewsRequest(Page), Cancellation)).Value;

    private async Task<Guid> TeamAsync(TestEngine engine)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancellation);
        var id = engine.NewId();
        db.Add(new Team { Id = id, Key = $"t{id:n}", Name = $"Team {id:n}" });
        await db.SaveChangesAsync(Cancellation);
        return id;
    }
}
