namespace NhiGovernance.BrowserTests;

/// <summary>The first start: a one-time link makes the first Admin; it works once; signing out ends the session.</summary>
public sealed class FirstStartTests(Product product)
{
    [Fact]
    public async Task OneTimeLink_Opened_LeadsToTheOverviewAndWorksOnce()
    {
        // The run's own session uses a link too, so a second Admin is made here.
        await using var visit = await product.VisitAsync(signedIn: false);
        var link = await product.NewAdminLinkAsync();
        await visit.MakeAccountAsync(link, "Ines Moreau", "ines.moreau@example.org");
        new Uri(visit.Page.Url).AbsolutePath.ShouldBe("/");
        (await visit.Page.Locator("main h1").InnerTextAsync()).ShouldBe("Overview");
        (await visit.Page.Locator("button.who").InnerTextAsync()).ShouldBe("IM");
        visit.Complaints.ShouldBeEmpty();

        await using var other = await product.VisitAsync(signedIn: false);
        await other.Page.GotoAsync(link);
        (await other.Page.Locator("input[name=password]").CountAsync()).ShouldBe(0);

        await visit.Page.Locator("button.who").ClickAsync();
        await visit.Page.Locator("form[action='/sign-out'] button").ClickAsync();
        await visit.Page.WaitForURLAsync("**/sign-in**");
        await visit.Page.GotoAsync("/identities");
        visit.Page.Url.ShouldContain("/sign-in");
    }

    [Fact]
    public async Task SignIn_WithAPassword_ReturnsToTheAddress()
    {
        await using var visit = await product.VisitAsync();
        await visit.Page.Context.ClearCookiesAsync();
        await visit.Page.GotoAsync("/identities?kind=Bot");
        await visit.Page.Locator("input[name=email]").FillAsync(Product.Email);
        await visit.Page.Locator("input[name=password]").FillAsync("not hers at all");
        await visit.Page.Locator("button[type=submit]").ClickAsync();
        await visit.Page.Locator("[role=alert]").WaitForAsync();
        await visit.Page.Locator("input[name=email]").FillAsync(Product.Email);
        await visit.Page.Locator("input[name=password]").FillAsync(Product.Password);
        await visit.Page.Locator("button[type=submit]").ClickAsync();
        await visit.ReadyAsync();
        new Uri(visit.Page.Url).PathAndQuery.ShouldBe("/identities?kind=Bot");
    }
}
