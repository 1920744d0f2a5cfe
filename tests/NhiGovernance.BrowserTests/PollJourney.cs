using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NhiGovernance.Sources.Manage;

namespace NhiGovernance.BrowserTests;

/// <summary>Watch a poll whose pace the test sets: what it says while it runs, that it ends by itself, and that a person can end it.</summary>
public sealed class PollJourney(Product product)
{
    [Fact]
    public async Task APoll_Watched_ShowsItsStepsAndItsEndAndStopsWhenCancelled()
    {
        var github = product.GitHub;
        github.Hold(HeldGitHub.Hooks);
        github.Hold(HeldGitHub.Keys);
        var source = (await ExampleCompany.AskAsync(product, s => s.GetRequiredService<CreateSource>().RunAsync(new CreateSourceRequest(
            "github", "Watched", new Dictionary<string, string> { ["address"] = github.Address, ["organization"] = "acme", ["auth"] = "token" },
            new Dictionary<string, string> { ["token"] = "a-token-of-a-test" }, PollNow: false)))).Id;
        await using var visit = await product.VisitAsync();
        var page = visit.Page;
        await visit.GoAsync($"/sources/{source}");
        await page.EvaluateAsync("window.stayed = true");
        var bar = page.GetByRole(AriaRole.Progressbar, new() { Name = "Poll under way" });
        (await bar.CountAsync()).ShouldBe(0, "nothing runs yet");

        await page.GetByRole(AriaRole.Button, new() { Name = "Poll now" }).ClickAsync();
        await bar.WaitForAsync();
        await Step(page, "webhooks of acme").WaitForAsync();
        (await page.Locator(".live h2").InnerTextAsync()).ShouldContain("Run 1");
        (await page.Locator("main table tbody tr").First.InnerTextAsync()).ShouldContain("Running");
        (await page.GetByRole(AriaRole.Button, new() { Name = "Poll now" }).CountAsync()).ShouldBe(0, "it is polled already");
        (await visit.AxeAsync()).ShouldBeEmpty();

        github.Release(HeldGitHub.Hooks);
        await Step(page, "deploy keys of acme/ledger").WaitForAsync();
        (await bar.CountAsync()).ShouldBe(1);

        github.Release(HeldGitHub.Keys);
        await bar.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.Locator("main table tbody tr").First.GetByText("In part").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Poll now" }).WaitForAsync();
        (await page.EvaluateAsync<bool>("window.stayed === true")).ShouldBeTrue("what changed came by itself, not by loading the page anew");

        await CancelAsync(visit, bar);
        visit.Complaints.ShouldBeEmpty();
        await visit.GoAsync("/identities?q=mirror of the ledger");
        await page.Locator("table a.name", new() { HasText = "mirror of the ledger" }).WaitForAsync();
    }

    /// <summary>On the run's own page. The list that it waits for is never answered: it ends because a person says so.</summary>
    private async Task CancelAsync(Visit visit, ILocator bar)
    {
        var page = visit.Page;
        product.GitHub.Hold(HeldGitHub.Hooks);
        await page.GetByRole(AriaRole.Button, new() { Name = "Poll now" }).ClickAsync();
        await bar.WaitForAsync();
        await page.Locator("main table tbody tr").First.Locator("a.name").ClickAsync();
        await page.WaitForURLAsync("**/runs/2");
        await Step(page, "webhooks of acme").WaitForAsync();
        (await bar.CountAsync()).ShouldBe(1);
        await page.Locator(".strip").GetByText("under way").WaitForAsync();
        (await visit.AxeAsync()).ShouldBeEmpty();

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel run" }).ClickAsync();
        await bar.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.Locator(".strip").GetByText("Cancelled").WaitForAsync();
        (await page.GetByRole(AriaRole.Button, new() { Name = "Cancel run" }).CountAsync()).ShouldBe(0);
        product.GitHub.Release(HeldGitHub.Hooks);
    }

    private static ILocator Step(IPage page, string text) => page.Locator(".live .progress").GetByText(text, new() { Exact = true });
}
