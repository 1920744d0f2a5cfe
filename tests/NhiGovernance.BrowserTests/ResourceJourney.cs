using Microsoft.Playwright;

namespace NhiGovernance.BrowserTests;

/// <summary>From a repository to its workflow, what is risky in it, and the secret that it reads; and back.</summary>
[Collection(nameof(Furnished))]
public sealed class ResourceJourney(FurnishedProduct house)
{
    [Fact]
    public async Task Repository_ToItsWorkflow_LeadsToTheSecretThatItReads()
    {
        await using var visit = await house.Product.VisitAsync();
        var page = visit.Page;
        await visit.GoAsync("/resources?kind=Repository&place=acme/ledger-core");
        await page.GetByRole(AriaRole.Link, new() { Name = "acme/ledger-core", Exact = true }).First.ClickAsync();
        await page.WaitForURLAsync("**/resources/*");
        await page.GetByRole(AriaRole.Link, new() { Name = "release.yml: release" }).First.ClickAsync();
        await page.Locator("h1", new() { HasText = "release.yml" }).WaitForAsync();

        await page.GetByText("A download is piped straight into a shell in deploy").First.WaitForAsync();
        await page.GetByText("Runs on a self-hosted runner in deploy").First.WaitForAsync();
        await page.GetByText("Suggested owners").WaitForAsync();
        (await page.GetByText("CODEOWNERS of acme/ledger-core names @acme/ledger for everything").CountAsync()).ShouldBe(1);
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Secret that it reads" }).Filter(new() { HasText = "NPM_TOKEN" });
        await row.GetByRole(AriaRole.Link).ClickAsync();
        await page.WaitForURLAsync("**/identities/*?tab=credentials");
        await page.GetByRole(AriaRole.Cell, new() { Name = "NPM_TOKEN" }).First.WaitForAsync();

        // The tab, which has a count once that is known; the navigation has a link of this name too.
        await page.Locator(".tabs a", new() { HasText = "Resources" }).ClickAsync();
        await page.GetByText("Reads NPM_TOKEN").WaitForAsync();
        visit.Complaints.ShouldBeEmpty();
    }
}
