using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Web.Inventory;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Lists;
using NhiGovernance.Web.Shell.Live;

namespace NhiGovernance.Tests.Inventory;

/// <summary>The credentials of one identity: counted, in their order, and listed by their own address.</summary>
public sealed class CredentialsOfOneTests(TestDatabase database) : BunitContext, IClassFixture<TestDatabase>
{
    private static CancellationToken Token => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task Detail_OfMoreThanItShows_CountsAllAndShowsThePresentFirst()
    {
        await using var engine = database.CreateEngine();
        var stage = await Stage.OpenAsync(database, engine);
        var kept = Enumerable.Range(0, GetIdentity.MostCredentials + 1).Select(i => Stage.Credential($"key {i:000}", "many")).ToArray();
        await stage.RunAsync([Stage.Identity("many"), Stage.Credential("a first by name", "many"), .. kept]);
        await stage.RunAsync([Stage.Identity("many"), .. kept]);
        var id = (await stage.IdentityAsync("many")).Id;
        engine.Actor.Be(Role.Auditor);

        var detail = (await engine.Get<GetIdentity>().RunAsync(new GetIdentityRequest(id), Token)).Value;

        detail.Credentials.Count.ShouldBe(GetIdentity.MostCredentials);
        detail.Credentials.ShouldAllBe(c => c.Presence == Presence.Present);
        detail.CredentialsCount.Value.ShouldBe(GetIdentity.MostCredentials + 2);
        (await engine.Get<ListCredentials>().RunAsync(new ListCredentialsRequest(new CredentialFilter { IdentityId = id }), Token)).Value.Count.ShouldBe(detail.CredentialsCount);
    }

    [Fact]
    public async Task Detail_OfFew_CountsThoseThatAreGoneToo()
    {
        await using var engine = database.CreateEngine();
        var stage = await Stage.OpenAsync(database, engine);
        await stage.RunAsync([Stage.Identity("few"), Stage.Credential("a", "few"), Stage.Credential("b", "few")]);
        await stage.RunAsync([Stage.Identity("few"), Stage.Credential("b", "few")]);
        engine.Actor.Be(Role.Auditor);

        var detail = (await engine.Get<GetIdentity>().RunAsync(new GetIdentityRequest((await stage.IdentityAsync("few")).Id), Token)).Value;

        detail.Credentials.Select(c => (c.Name, c.Presence)).ShouldBe([("b", Presence.Present), ("a", Presence.Missing)]);
        (detail.CredentialsCount.Value, detail.Row.Credentials).ShouldBe((2, 1));
    }

    [Fact]
    public async Task Grants_MoreThanAreKept_AreAsManyAsThePagesTakeForAtLeast()
    {
        await using var engine = database.CreateEngine();
        var stage = await Stage.OpenAsync(database, engine);
        await stage.RunAsync([Stage.Identity("wide") with
        {
            Grants = [.. Enumerable.Range(0, GetIdentity.MostGrants + 5).Select(i => new GrantObservation("push", $"acme/{i:0000}", AltersRelease: false))],
        }]);
        engine.Actor.Be(Role.Auditor);

        var detail = (await engine.Get<GetIdentity>().RunAsync(new GetIdentityRequest((await stage.IdentityAsync("wide")).Id), Token)).Value;

        detail.Grants.Count.ShouldBe(GetIdentity.MostGrants);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("&q=nothing-is-called-so", 0)]
    public async Task Page_OfOneIdentity_ListsItsOwnAndSaysWhose(string further, int rows)
    {
        await using var engine = database.CreateEngine();
        var (mine, _) = await TwoAsync(engine);

        var drawn = Open(engine, $"/credentials?identity={mine}{further}");

        drawn.WaitForAssertion(() => drawn.Find(".chip .v").TextContent.ShouldBe("Mine"), TimeSpan.FromSeconds(10));
        drawn.FindAll("tbody a[data-name]").Select(a => a.TextContent).ShouldBe(Enumerable.Repeat("of mine", rows));
        drawn.Find(".chip a.x").GetAttribute("href").ShouldBe("/credentials" + further.Replace('&', '?'));
        drawn.Markup.Contains("Retired ones are looked at too", StringComparison.Ordinal).ShouldBe(rows == 0);
    }

    [Fact]
    public async Task Page_WithAnOpenRow_ShowsItsFactsBesideTheListAndInItsCard()
    {
        await using var engine = database.CreateEngine();
        var (mine, credential) = await TwoAsync(engine);

        var drawn = Open(engine, $"/credentials?identity={mine}&open={credential}");

        // Rows are drawn first and then once more with the name of whose they are: a click between the two meets a row that is gone.
        drawn.WaitForAssertion(() => drawn.Find(".chip .v").TextContent.ShouldBe("Mine"), TimeSpan.FromSeconds(10));
        drawn.Find(".peek h2").TextContent.ShouldBe("of mine");
        drawn.FindAll(".peek dd.mono").Select(d => d.TextContent).ShouldBe(["SHA256:1"]);
        drawn.FindAll(".cards dd.mono").Select(d => d.TextContent).ShouldBe(["SHA256:1"]);
        drawn.FindAll("button.unfold").Select(b => b.GetAttribute("aria-expanded")).ShouldBe(["true", "true"]);

        drawn.Find("tbody button.unfold").Click();
        Services.GetRequiredService<BunitNavigationManager>().Uri.ShouldEndWith($"/credentials?identity={mine}");
    }

    [Fact]
    public async Task Page_OfAnIdentityOfAnotherTeam_ListsNothingAndNamesNobody()
    {
        await using var engine = database.CreateEngine();
        var (mine, _) = await TwoAsync(engine);
        engine.Actor.Be(Role.Owner, engine.NewId());

        var drawn = Open(engine, $"/credentials?identity={mine}");

        drawn.WaitForAssertion(() => drawn.Find(".chip .v").TextContent.ShouldBe("one that is not here"), TimeSpan.FromSeconds(10));
        drawn.FindAll("tbody tr").ShouldBeEmpty();
    }

    /// <summary>Two identities with a credential each; the one and what it holds.</summary>
    private async Task<(Guid Mine, Guid Credential)> TwoAsync(TestEngine engine)
    {
        var stage = await Stage.OpenAsync(database, engine);
        await stage.RunAsync([Stage.Identity("mine", "Mine"), Stage.Credential("of mine", "mine", "SHA256:1"), Stage.Identity("other"), Stage.Credential("of other", "other")]);
        engine.Actor.Be(Role.Auditor);
        return ((await stage.IdentityAsync("mine")).Id, (await stage.CredentialAsync("of mine")).Id);
    }

    private IRenderedComponent<CredentialsPage> Open(TestEngine engine, string address)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<TimeProvider>(engine.Clock);
        Services.AddSingleton(new ChangeFeed(null!, [], engine.Clock, NullLogger<ChangeFeed>.Instance));
        Services.AddSingleton(engine.Get<ListCredentials>());
        Services.AddSingleton(engine.Get<GetIdentity>());
        Services.AddSingleton(engine.Get<IdentityFacets>());
        Services.AddScoped<ViewerTime>();
        Services.AddScoped<ShellState>();
        Services.AddScoped<Page>();
        ComponentFactories.AddStub<SavedViews>();
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo(address);
        return Render<CredentialsPage>();
    }
}
