using Microsoft.Playwright;

namespace NhiGovernance.BrowserTests;

/// <summary>Add a source with a failing, then a passing connection test; watch it being read; filter; send the link.</summary>
public sealed class SourceJourney(Product product)
{
    private const string Rows = """
        id,kind,name,placeKind,place,createdAt,lastUsedAt,expiresAt,disabled,owner,environment,joinKeys,grants,releaseGrants,privilegedGrants,url,notes
        svc-batch,ServiceAccount,Nightly batch,system,mainframe,2021-04-12,2026-11-20T02:00:00Z,never,false,,,,read @ ledger,,,,
        svc-release,ServiceAccount,Release robot,repository,acme/ledger,2023-01-09T08:30:00+01:00,unknown,,false,,,,,push tags @ acme/ledger,,,
        app-backup,ServicePrincipal,Backup agent,account,backup-eu,2019-06-01,never,2027-01-31,true,,,,,,administer @ backup-eu,,
        bot-renovate,Bot,Renovate,repository,acme/web,2022-03-03,2026-11-19,,false,,,,,contents:write @ acme/web,,,
        """;

    [Fact]
    public async Task AFileSource_AddedTestedAndRead_ShowsTheSameRowsToBoth()
    {
        await File.WriteAllTextAsync(Path.Combine(product.Files, "identities.csv"), Rows, TestContext.Current.CancellationToken);
        await using var visit = await product.VisitAsync();
        var page = visit.Page;
        await visit.GoAsync("/sources/new?connector=file");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Mainframe export");
        await page.GetByLabel("Files come from").SelectOptionAsync("path");
        await TestAsync(page, Path.Combine(product.Files, "nothing-here"));
        await page.Locator("main").GetByText("There is no such file or folder").First.WaitForAsync();
        (await visit.AxeAsync()).ShouldBeEmpty();

        await TestAsync(page, product.Files);
        await page.Locator("main").GetByText("1 files: identities.csv").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and poll" }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/sources/", StringComparison.Ordinal) && !url.Contains("/new", StringComparison.Ordinal));
        await page.Locator("main tbody").GetByText("Complete").First.WaitForAsync(new() { Timeout = 40_000 });
        (await visit.AxeAsync()).ShouldBeEmpty();

        var rows = await FilterAsync(visit, new Uri(page.Url).Segments[^1]);
        rows.ShouldBe(["Release robot", "Renovate"], ignoreOrder: true);
        await using var other = await product.VisitAsync(360, 740, "dark");
        await other.GoAsync(new Uri(page.Url).PathAndQuery);
        (await NamesAsync(other.Page, ".cards")).ShouldBe(rows);
        (await other.SidewaysAsync()).ShouldBe(0);

        await DetailAsync(visit);
        visit.Complaints.ShouldBeEmpty();
        other.Complaints.ShouldBeEmpty();
    }

    private static async Task TestAsync(IPage page, string path)
    {
        await page.GetByLabel("Path").FillAsync(path);
        await page.GetByLabel("Path").PressAsync("Tab");
        await page.Locator("[data-test-connection]").ClickAsync();
    }

    /// <summary>Filters by a facet, sorts, and opens a row; all of it stands in the address.</summary>
    /// <param name="source">Only its rows: sources of other journeys are polled when they are due.</param>
    private static async Task<IReadOnlyList<string>> FilterAsync(Visit visit, string source)
    {
        var page = visit.Page;
        await visit.GoAsync($"/identities?source={source}");
        await page.Locator(".facets").GetByRole(AriaRole.Checkbox, new() { Name = "Can alter one" }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("alters=true", StringComparison.Ordinal));
        await page.Locator(".chip .v").GetByText("Can alter one").WaitForAsync();
        await page.GetByText("2 of ").First.WaitForAsync();
        await page.Locator("tr[data-row] td:nth-child(3)").First.ClickAsync();
        await page.Locator(".peek h2").WaitForAsync();
        page.Url.ShouldContain("open=");
        await page.Keyboard.PressAsync("Escape");
        await page.Locator(".peek").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        return await NamesAsync(page, "table");
    }

    private static async Task DetailAsync(Visit visit)
    {
        await visit.Page.Locator("a.name", new() { HasText = "Release robot" }).First.ClickAsync();
        await visit.Page.WaitForURLAsync("**/identities/*");
        await visit.ReadyAsync();
        await visit.Page.Locator("main h1", new() { HasText = "Release robot" }).WaitForAsync();
        foreach (var tab in new[] { "Credentials", "Grants", "Time-line", "Observations" })
        {
            await visit.Page.Locator(".tabs a", new() { HasText = tab }).ClickAsync();
            await visit.Page.Locator(".tabs a[aria-current]", new() { HasText = tab }).WaitForAsync();
            (await visit.AxeAsync()).ShouldBeEmpty();
        }
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(IPage page, string within)
    {
        await page.Locator($"{within} [data-row] [data-name]").First.WaitForAsync();
        return await page.Locator($"{within} [data-row] [data-name]").AllInnerTextsAsync();
    }
}
