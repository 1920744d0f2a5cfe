using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;

namespace NhiGovernance.BrowserTests;

/// <summary>
/// Takes a picture of every page and dialog for people to look at. Runs only when asked for (an explicit test):
/// <code>NHI_PICTURES=/tmp/pictures dotnet tests/NhiGovernance.BrowserTests/bin/Debug/net10.0/NhiGovernance.BrowserTests.dll --filter-class NhiGovernance.BrowserTests.Pictures --explicit only</code>
/// <c>NHI_PICTURES_ONLY</c> takes only those whose name contains it: <c>readme-identities-1280-light</c> is docs/images/identities.png.
/// </summary>
public sealed class Pictures(Product product)
{
    private static readonly string s_folder = Environment.GetEnvironmentVariable("NHI_PICTURES") ?? Path.Combine(Path.GetTempPath(), "nhi-pictures");
    private static readonly string? s_only = Environment.GetEnvironmentVariable("NHI_PICTURES_ONLY");

    [Fact(Explicit = true)]
    public async Task EveryPage_InBothThemesAndWidths()
    {
        Directory.CreateDirectory(s_folder);
        await using (var empty = await product.VisitAsync())
        {
            foreach (var route in new[] { "/", "/identities", "/credentials", "/sources", "/teams", "/services", "/environments" })
            {
                await TakeAsync(empty, route, $"empty{route.Replace('/', '-')}-1280-light");
            }
        }

        var company = new ExampleCompany(product);
        await company.MoveInAsync();
        var pages = await PagesAsync(company);
        foreach (var (theme, width) in new[] { ("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360) })
        {
            await using var visit = await product.VisitAsync(width, width == 360 ? 740 : 900, theme);
            foreach (var (name, path, act) in pages)
            {
                await TakeAsync(visit, path, $"{name}-{width}-{theme}", act);
            }
        }
    }

    private static async Task TakeAsync(Visit visit, string path, string name, Func<IPage, Task>? act = null)
    {
        if (s_only is not null && !name.Contains(s_only, StringComparison.Ordinal))
        {
            return;
        }

        try
        {
            await visit.GoAsync(path);
            if (act is not null)
            {
                await act(visit.Page);
            }

            await visit.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await visit.Page.WaitForTimeoutAsync(250);
        }
        catch (Exception error) when (error is PlaywrightException or TimeoutException)
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {error.Message}");
        }

        await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(s_folder, name + ".png"), FullPage = act is null });
    }

    private async Task<List<(string Name, string Path, Func<IPage, Task>? Act)>> PagesAsync(ExampleCompany company)
    {
        var found = await company.AskAsync(s => s.GetRequiredService<ListIdentities>().RunAsync(
            new ListIdentitiesRequest(new IdentityFilter { AltersRelease = true, Text = "ledger-core-release" }, Limit: 1)));
        var identity = found.Items[0].Id;
        var (file, vault, git) = (company.Sources["Mainframe and cloud export"], company.Sources["Vault prod"], company.Sources["ledger-core"]);
        return
        [
            ("overview", "/", null),
            ("identities", "/identities", null),
            ("readme-identities", "/identities", p => p.Locator("[data-row]:visible").First.WaitForAsync()),
            ("identities-filtered", "/identities?alters=true&team=none,ledger&sort=-lastUsed", null),
            ("identities-none", "/identities?q=nothing-is-called-so", null),
            ("identities-open", $"/identities?alters=true&open={identity}", p => p.Locator(".peek h2:visible, .cards:visible").First.WaitForAsync()),
            ("identities-filters", "/identities", p => p.Locator(".filterbtn:visible, [data-add-filter]:visible").First.ClickAsync()),
            ("identities-assign", "/identities?alters=true", async p =>
            {
                await p.Locator("[data-select]:visible").First.CheckAsync();
                await p.Locator("[data-select]:visible").Nth(2).CheckAsync();
                await p.Locator(".bulk").WaitForAsync();
            }),
            ("identities-assign-dialog", "/identities?alters=true", async p =>
            {
                await p.Locator("[data-select]:visible").First.CheckAsync();
                await p.Locator(".bulk button", new() { HasText = "Assign owner" }).ClickAsync();
                await p.Locator("dialog[open] select").SelectOptionAsync(new SelectOptionValue { Label = "Payments" });
                await p.Locator("dialog[open]").GetByText("will change").WaitForAsync();
            }),
            ("identity", $"/identities/{identity}", null),
            ("identity-credentials", $"/identities/{identity}?tab=credentials", null),
            ("identity-grants", $"/identities/{identity}?tab=grants", null),
            ("identity-timeline", $"/identities/{identity}?tab=timeline", null),
            ("identity-observations", $"/identities/{identity}?tab=observations", null),
            ("credentials", "/credentials", null),
            ("sources", "/sources", null),
            ("source-new", "/sources/new", null),
            ("source-new-github", "/sources/new?connector=github", null),
            ("source-new-git", "/sources/new?connector=git", null),
            ("source-new-file", "/sources/new?connector=file", null),
            ("source-new-faults", "/sources/new?connector=github", async p =>
            {
                await p.GetByRole(AriaRole.Button, new() { Name = "Save and poll" }).ClickAsync();
                await p.Locator(".fault").First.WaitForAsync();
            }),
            ("source-file", $"/sources/{file}", null),
            ("source-file-lists", $"/sources/{file}?tab=scopes", null),
            ("source-file-settings", $"/sources/{file}?tab=settings", null),
            ("source-file-documents", $"/sources/{vault}?tab=documents", null),
            ("source-part", $"/sources/{vault}", null),
            ("source-git-lists", $"/sources/{git}?tab=scopes", null),
            ("source-remove", $"/sources/{file}?tab=settings", p => p.GetByRole(AriaRole.Button, new() { Name = "Remove source" }).First.ClickAsync()),
            ("run", $"/sources/{git}/runs/1", null),
            ("jobs", "/jobs", null),
            ("teams", "/teams", null),
            ("team", "/teams/ledger", null),
            ("team-add", "/teams", p => p.GetByRole(AriaRole.Button, new() { Name = "Add team" }).First.ClickAsync()),
            ("people", "/people", null),
            ("services", "/services", null),
            ("service", "/services/ledger-core", null),
            ("products", "/products", null),
            ("product", "/products/banking", null),
            ("environments", "/environments", null),
            ("environment", "/environments/production", null),
            ("audit", "/audit", null),
            ("settings", "/settings", null),
            ("accounts", "/settings/accounts", null),
            ("accounts-invite", "/settings/accounts", p => p.GetByRole(AriaRole.Button, new() { Name = "Invite" }).First.ClickAsync()),
            ("tokens", "/settings/tokens", null),
            ("tokens-create", "/settings/tokens", p => p.GetByRole(AriaRole.Button, new() { Name = "Create token" }).First.ClickAsync()),
            ("profile", "/settings/profile", null),
            ("palette", "/identities", async p =>
            {
                await p.Keyboard.PressAsync("Control+k");
                await p.Locator("#palette-text").FillAsync("ledger");
                await p.Locator("#palette-hits [role=group]").Nth(1).WaitForAsync();
            }),
            ("help", "/identities", async p =>
            {
                await p.Locator("[data-help]").ClickAsync();
                await p.Locator("dialog[open]").WaitForAsync();
            }),
            ("not-found", "/nowhere", null),
            ("refused", $"/identities/{Guid.Empty}", null),
        ];
    }
}
