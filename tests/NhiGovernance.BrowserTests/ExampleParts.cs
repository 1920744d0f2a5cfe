using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Resources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.BrowserTests;

/// <summary>A page of the example company, or something that opens on it.</summary>
/// <param name="Open">What a person does there first; null for the page itself.</param>
/// <param name="OnlyPictured">Another part is the same page: a picture for the README.</param>
internal sealed record Part(string Name, string Path, Func<IPage, Task>? Open = null, bool OnlyPictured = false);

/// <summary>Every page, detail, dialog, menu and panel, with rows in it: for pictures, and for axe. A new page that is missing here fails a test.</summary>
internal static partial class ExampleParts
{
    public static async Task<IReadOnlyList<Part>> OfAsync(ExampleCompany company)
    {
        var found = await company.AskAsync(s => s.GetRequiredService<ListIdentities>().RunAsync(
            new ListIdentitiesRequest(new IdentityFilter { AltersRelease = true, Text = "ledger-core-release" }, Limit: 1)));
        var identity = found.Items[0].Id;
        var resources = await company.AskAsync(s => s.GetRequiredService<ListResources>().RunAsync(new ListResourcesRequest(new ResourceFilter { Place = "acme/ledger-core" })));
        Guid Resource(string name) => resources.Items.First(r => r.Name.Contains(name, StringComparison.Ordinal)).Id;
        var (file, vault, git) = (company.Sources["Mainframe and cloud export"], company.Sources["Vault prod"], company.Sources["ledger-core"]);
        return
        [
            new("overview", "/", null),
            new("identities", "/identities", null),
            new("readme-identities", "/identities", p => p.Locator("[data-row]:visible").First.WaitForAsync(), OnlyPictured: true),
            new("identities-filtered", "/identities?alters=true&team=none,ledger&sort=-lastUsed", null),
            new("identities-none", "/identities?q=nothing-is-called-so", null),
            new("identities-open", $"/identities?alters=true&open={identity}", p => p.Locator(".peek h2:visible, .cards:visible").First.WaitForAsync()),
            new("identities-filters", "/identities", p => p.Locator(".filterbtn:visible, [data-add-filter]:visible").First.ClickAsync()),
            new("identities-assign", "/identities?alters=true", async p =>
            {
                await p.Locator("[data-select]:visible").First.CheckAsync();
                await p.Locator("[data-select]:visible").Nth(2).CheckAsync();
                await p.Locator(".bulk").WaitForAsync();
            }),
            new("identities-assign-dialog", "/identities?alters=true", async p =>
            {
                await p.Locator("[data-select]:visible").First.CheckAsync();
                await p.Locator(".bulk button", new() { HasText = "Assign owner" }).ClickAsync();
                await p.Locator("dialog[open] select").SelectOptionAsync(new SelectOptionValue { Label = "Payments" });
                await p.Locator("dialog[open]").GetByText("will change").WaitForAsync();
            }),
            new("identity", $"/identities/{identity}", null),
            new("identity-credentials", $"/identities/{identity}?tab=credentials", null),
            new("identity-grants", $"/identities/{identity}?tab=grants", null),
            new("identity-timeline", $"/identities/{identity}?tab=timeline", null),
            new("identity-observations", $"/identities/{identity}?tab=observations", null),
            new("identity-resources", $"/identities/{identity}?tab=resources", p => p.GetByText("Resources of its place").WaitForAsync()),
            new("identity-credential-unfolded", $"/identities/{identity}?tab=credentials", async p =>
            {
                await p.Locator(".creds .unfold").First.ClickAsync();
                await p.Locator(".creds .known .facts").WaitForAsync();
            }),
            new("credentials", "/credentials", null),
            new("credentials-open", "/credentials", async p =>
            {
                await p.Locator(".unfold:visible").First.ClickAsync();
                await p.Locator(".peek h2:visible, .cards .facts:visible").First.WaitForAsync();
            }),
            new("credentials-of-one", $"/credentials?identity={identity}", null),
            new("credentials-filtered", "/credentials?team=ledger&used=never", null),
            new("overview-filtered", "/?team=ledger", null),
            new("resources", "/resources", null),
            new("resources-risky", "/resources?risk=any&cols=kind,risk,service,environment", null),
            new("resources-none", "/resources?q=nothing-is-called-so", null),
            new("resource-workflow", $"/resources/{Resource("release.yml")}", null),
            new("resource-repository", $"/resources/{resources.Items.First(r => r.Kind == ResourceKind.Repository).Id}", null),
            new("resource-owners", $"/resources/{resources.Items.First(r => r.Kind == ResourceKind.OwnerSuggestion).Id}", p => p.GetByText("Suggested owners").WaitForAsync()),
            new("resource-timeline", $"/resources/{Resource("release.yml")}?tab=timeline", null),
            new("sources", "/sources", null),
            new("source-new", "/sources/new", null),
            new("source-new-github", "/sources/new?connector=github", null),
            new("source-new-git", "/sources/new?connector=git", null),
            new("source-new-file", "/sources/new?connector=file", null),
            new("source-new-faults", "/sources/new?connector=github", async p =>
            {
                await p.GetByRole(AriaRole.Button, new() { Name = "Save and poll" }).ClickAsync();
                await p.Locator(".fault").First.WaitForAsync();
            }),
            new("source-file", $"/sources/{file}", null),
            new("source-file-lists", $"/sources/{file}?tab=scopes", null),
            new("source-file-settings", $"/sources/{file}?tab=settings", null),
            new("source-file-documents", $"/sources/{vault}?tab=documents", null),
            new("source-part", $"/sources/{vault}", null),
            new("source-git-lists", $"/sources/{git}?tab=scopes", null),
            new("source-remove", $"/sources/{file}?tab=settings", p => p.GetByRole(AriaRole.Button, new() { Name = "Remove source" }).First.ClickAsync()),
            new("run", $"/sources/{git}/runs/1", null),
            new("jobs", "/jobs", null),
            new("teams", "/teams", null),
            new("team", "/teams/ledger", null),
            new("team-add", "/teams", p => p.GetByRole(AriaRole.Button, new() { Name = "Add team" }).First.ClickAsync()),
            new("people", "/people", null),
            new("services", "/services", null),
            new("service", "/services/ledger-core", null),
            new("products", "/products", null),
            new("product", "/products/banking", null),
            new("environments", "/environments", null),
            new("environment", "/environments/production", null),
            new("audit", "/audit", null),
            new("api", "/api#shape-IdentityDetail", async p =>
            {
                await UnfoldAsync(p, "/api/v1/identities", "GET");
                await UnfoldAsync(p, "/api/v1/services/{key}/mapping", "PUT");
            }),
            new("settings", "/settings", null),
            new("accounts", "/settings/accounts", null),
            new("accounts-invite", "/settings/accounts", p => p.GetByRole(AriaRole.Button, new() { Name = "Invite" }).First.ClickAsync()),
            new("tokens", "/settings/tokens", null),
            new("tokens-create", "/settings/tokens", p => p.GetByRole(AriaRole.Button, new() { Name = "Create token" }).First.ClickAsync()),
            new("profile", "/settings/profile", null),
            new("palette", "/identities?kind=Bot", async p =>
            {
                await p.Keyboard.PressAsync("Control+k");
                await p.Locator("#palette-text").FillAsync("ledger");
                await p.Locator("#palette-hits [role=group]").Nth(1).WaitForAsync();
            }),
            new("help", "/identities?kind=Bot", async p =>
            {
                await p.Locator("[data-help]").ClickAsync();
                await p.Locator("dialog[open]").WaitForAsync();
            }),
            new("not-found", "/nowhere", null),
            new("refused", $"/identities/{Guid.Empty}", null),
            .. Further(file, git),
        ];
    }
}
