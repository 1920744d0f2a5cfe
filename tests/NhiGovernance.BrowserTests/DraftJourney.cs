using Microsoft.Playwright;

namespace NhiGovernance.BrowserTests;

/// <summary>What was typed and not saved survives a lost circuit; secrets never do.</summary>
public sealed class DraftJourney(Product product)
{
    private const string Secret = "made-up-value-that-must-not-stay";
    private const string Kept = "Object.keys(sessionStorage).filter(k => k.startsWith('nhi-draft')).map(k => k + sessionStorage.getItem(k)).join()";

    [Fact]
    public async Task AForm_WhoseServerWasRestarted_HoldsWhatWasTypedButNoSecret()
    {
        // A product of its own: nobody else's pages shall lose their server.
        await using var own = new Product();
        await own.InitializeAsync();
        await using var visit = await own.VisitAsync();
        var page = visit.Page;
        await visit.GoAsync("/sources/new?connector=github");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Kept name");
        await page.GetByLabel("Organization").FillAsync("acme");
        await page.Locator("textarea.secret").First.FillAsync(Secret);
        await page.GetByLabel("Organization").FocusAsync();
        (await page.EvaluateAsync<string>(Kept)).ShouldContain("Kept name");
        (await page.EvaluateAsync<string>(Kept)).ShouldNotContain(Secret);

        await own.RestartAsync();
        await page.Locator("#draft").WaitForAsync(new() { Timeout = 40_000 });
        (await page.GetByLabel("Name", new() { Exact = true }).InputValueAsync()).ShouldBe("Kept name");
        (await page.GetByLabel("Organization").InputValueAsync()).ShouldBe("acme");
        (await page.Locator("textarea.secret").First.InputValueAsync()).ShouldBeEmpty();
        (await visit.AxeAsync()).ShouldBeEmpty();

        await page.Locator("[data-draft-discard]").ClickAsync();
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("GitHub");
        (await page.EvaluateAsync<string>(Kept)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ADialog_AfterALoad_OpensAgainWithWhatWasTyped_UntilItIsSaved()
    {
        await using var visit = await product.VisitAsync();
        var page = visit.Page;
        await visit.GoAsync("/teams");
        await page.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Add team" }).First.ClickAsync();
        await page.Locator("dialog[open] input").First.FillAsync("Drafted team");
        await page.ReloadAsync();
        var name = page.Locator("dialog[open] input").First;
        await name.WaitForAsync();
        await page.Locator("#draft").WaitForAsync();
        (await name.InputValueAsync()).ShouldBe("Drafted team");

        await page.Locator("dialog[open] button[type=submit]").ClickAsync();
        await page.WaitForURLAsync("**/teams/drafted-team");
        await Assertions.Expect(page).ToHaveTitleAsync("Drafted team · NhiGovernance");
        (await page.EvaluateAsync<string>(Kept)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ADraft_IsGone_AfterLeavingThePageAndAfterSignOut()
    {
        // A session of its own: signing out ends it wherever its cookie is.
        await using var visit = await product.SignInAsync();
        var page = visit.Page;
        await visit.GoAsync("/sources/new?connector=git");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Left behind");
        await page.Locator("main a", new() { HasText = "Cancel" }).ClickAsync();
        await page.WaitForURLAsync("**/sources");
        await Assertions.Expect(page).ToHaveTitleAsync("Sources · NhiGovernance");
        (await page.EvaluateAsync<string>(Kept)).ShouldBeEmpty();

        await visit.GoAsync("/sources/new?connector=git");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Left behind again");
        await page.Locator("button.who").ClickAsync();
        await page.Locator("form[action='/sign-out'] button").ClickAsync();
        await page.WaitForURLAsync("**/sign-in**");
        (await page.EvaluateAsync<string>(Kept)).ShouldBeEmpty();
    }
}
