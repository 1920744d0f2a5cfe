using Microsoft.Playwright;

namespace NhiGovernance.BrowserTests;

/// <summary>Name what a list shows, come back to it, make it what the navigation opens, rename it, delete it; on a phone too.</summary>
public sealed class SavedViewJourney(Product product)
{
    [Theory]
    [InlineData(1280)]
    [InlineData(360)]
    public async Task AView_SavedOpenedRenamedAndDeleted_IsATabOfItsList(int width)
    {
        await using var visit = await product.VisitAsync(width);
        var (page, name) = (visit.Page, $"Seen at {width}");
        var tab = page.Locator(".tabs a", new() { HasText = name });
        await visit.GoAsync("/audit?action=account.");
        await ActAsync(page, "Save as a new view");
        await page.Locator("dialog[open] input").First.FillAsync(name);
        await page.Locator("dialog[open] button[type=submit]").ClickAsync();
        await page.Locator(".tabs a[aria-current]", new() { HasText = name }).WaitForAsync();
        (await page.Locator(".tabs a[aria-current]").CountAsync()).ShouldBe(1);
        (await visit.AxeAsync()).ShouldBeEmpty();
        (await visit.SidewaysAsync()).ShouldBe(0);

        await ActAsync(page, "Open by default");
        await page.Locator($"nav a[href='/audit?action=account.']:not(.tabs a, #more-pages a)").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await visit.GoAsync("/audit");
        await tab.ClickAsync();
        await page.WaitForURLAsync("**/audit?action=account.");

        await ActAsync(page, "Rename or share");
        await page.Locator("dialog[open] input").First.FillAsync($"Renamed {width}");
        await page.Locator("dialog[open] button[type=submit]").ClickAsync();
        await page.Locator(".tabs a[aria-current]", new() { HasText = $"Renamed {width}" }).WaitForAsync();
        (await tab.CountAsync()).ShouldBe(0);

        await ActAsync(page, "Delete view");
        await page.Locator("dialog[open] .btn.danger").ClickAsync();
        await page.Locator(".tabs a", new() { HasText = $"Renamed {width}" }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.Locator("nav a[href='/audit?action=account.']:not(.tabs a, #more-pages a)").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        visit.Complaints.ShouldBeEmpty();
    }

    /// <summary>The runs of a source are a list like any other; and how a poll ended is said, not only shown.</summary>
    [Theory]
    [InlineData(1280)]
    [InlineData(360)]
    public async Task RunsOfASource_FilteredAndKeptAsAView_AndTheEndOfAPollIsSaid(int width)
    {
        var folder = Directory.CreateDirectory(Path.Combine(product.Files, $"spoken-{width}")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "spoken.csv"), $"id,kind,name,createdAt\nspoken-{width},Bot,Spoken {width},2024-02-03\n", TestContext.Current.CancellationToken);
        await using var visit = await product.VisitAsync(width);
        var name = $"Spoken {width}";
        var id = await new ExampleCompany(product).ReadAsync("file", name, new() { ["from"] = "path", ["path"] = folder, ["system"] = $"spoken-{width}" });
        var page = visit.Page;
        await visit.GoAsync($"/sources/{id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Poll now" }).ClickAsync();
        await page.Locator("#said", new() { HasText = $"Poll of {name} finished: 0 added, 0 changed, 0 missing." }).WaitForAsync(new() { Timeout = 40_000, State = WaitForSelectorState.Attached });

        await visit.GoAsync($"/sources/{id}?state=Failed");
        await page.GetByText("No run matches these filters").WaitForAsync();
        await visit.GoAsync($"/sources/{id}?state=Complete&trigger=Person");
        await ActAsync(page, "Save as a new view");
        await page.Locator("dialog[open] input").First.FillAsync("By hand");
        await page.Locator("dialog[open] button[type=submit]").ClickAsync();
        await page.Locator(".tabs a[aria-current]", new() { HasText = "By hand" }).WaitForAsync();
        (await page.Locator("[data-row]:visible").CountAsync()).ShouldBeGreaterThan(0);
        await page.Locator(".viewmenu > button").ClickAsync();
        (await page.Locator(".viewactions:popover-open .item", new() { HasText = "by default" }).CountAsync()).ShouldBe(0);
        await page.Keyboard.PressAsync("Escape");
        (await visit.AxeAsync()).ShouldBeEmpty();
        (await visit.SidewaysAsync()).ShouldBe(0);
        visit.Complaints.ShouldBeEmpty();
    }

    private static async Task ActAsync(IPage page, string action)
    {
        await page.Locator(".viewmenu > button").ClickAsync();
        await page.Locator(".viewactions:popover-open .item", new() { HasText = action }).ClickAsync();
    }
}
