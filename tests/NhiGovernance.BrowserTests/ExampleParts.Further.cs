using Microsoft.Playwright;

namespace NhiGovernance.BrowserTests;

/// <summary>Menus, dialogs and states beyond the pages themselves.</summary>
internal static partial class ExampleParts
{
    private static IEnumerable<Part> Further(Guid file, Guid git) =>
    [
        new("person-menu", "/", async p => await OpenAsync(p, "button.who", ".menu.person")),
        new("more-pages", "/", async p =>
        {
            var more = p.Locator(".bar-bottom button");
            if (await more.IsVisibleAsync())
            {
                await more.ClickAsync();
                await p.Locator("#more-pages:popover-open").WaitForAsync();
            }
        }),
        new("filter-options", "/identities?kind=Bot,!Runner", async p =>
        {
            await OpenAsync(p, "[data-add-filter]:visible", ".filtermenu:popover-open");
            await p.Locator(".filtermenu:popover-open summary").Nth(1).ClickAsync();
            await p.Locator(".filtermenu:popover-open details[open] .f").First.WaitForAsync();
        }),
        new("view-menu", "/identities?kind=Bot", async p => await OpenAsync(p, ".viewmenu > button", ".viewactions:popover-open")),
        new("view-save", "/identities?kind=Bot", async p =>
        {
            await OpenAsync(p, ".viewmenu > button", ".viewactions:popover-open");
            await p.Locator(".viewactions:popover-open .item", new() { HasText = "Save as a new view" }).ClickAsync();
            await p.Locator("dialog[open] select").WaitForAsync();
        }),
        new("view-save-fault", "/credentials?kind=Certificate", async p =>
        {
            await OpenAsync(p, ".viewmenu > button", ".viewactions:popover-open");
            await p.Locator(".viewactions:popover-open .item", new() { HasText = "Save as a new view" }).ClickAsync();
            await p.Locator("dialog[open] button[type=submit]").ClickAsync();
            await p.Locator("dialog[open] .fault").WaitForAsync();
        }),
        new("view-tabs", "/identities?kind=Bot&alters=true", async p =>
        {
            // Saved once for the run; the windows that look after that find it.
            var tab = p.Locator(".tabs a", new() { HasText = "Bots that release" });
            if (await tab.CountAsync() == 0)
            {
                await OpenAsync(p, ".viewmenu > button", ".viewactions:popover-open");
                await p.Locator(".viewactions:popover-open .item", new() { HasText = "Save as a new view" }).ClickAsync();
                await p.Locator("dialog[open] input").First.FillAsync("Bots that release");
                await p.Locator("dialog[open] button[type=submit]").ClickAsync();
                await p.Locator(".tabs a[aria-current]", new() { HasText = "Bots that release" }).WaitForAsync();
            }

            await OpenAsync(p, ".viewmenu > button", ".viewactions:popover-open");
        }),
        new("runs-filtered", $"/sources/{file}?state=Complete", null),
        new("runs-none", $"/sources/{file}?state=Failed", null),
        new("team-edit", "/teams/ledger", p => DialogAsync(p, "Edit")),
        new("team-remove", "/teams/ledger", p => DialogAsync(p, "Remove")),
        new("team-pick", "/teams/ledger", async p =>
        {
            await p.GetByLabel("Add a member").PressSequentiallyAsync("Amal");
            await p.Locator("[role=listbox] [role=option]").First.WaitForAsync();
        }),
        new("service-add", "/services", p => DialogAsync(p, "Add service")),
        new("service-edit", "/services/ledger-core", p => DialogAsync(p, "Edit")),
        new("service-rules", "/services/ledger-core", async p =>
        {
            await p.GetByRole(AriaRole.Button, new() { Name = "Add rule" }).ClickAsync();
            await p.GetByLabel("Pattern of rule 3").FillAsync("acme/nothing-*");
            await p.Locator(".rules .help").WaitForAsync();
        }),
        new("environment-edit", "/environments/production", p => DialogAsync(p, "Edit")),
        new("product-rename", "/products/banking", p => DialogAsync(p, "Rename")),
        new("person-add", "/people", p => DialogAsync(p, "Add person")),
        new("person-actions", "/people", async p =>
        {
            await p.GetByRole(AriaRole.Button, new() { Name = "Actions on Mei Tanaka" }).ClickAsync();
            await p.Locator(".menu:popover-open .item").First.ClickAsync();
            await p.Locator("dialog[open] select").WaitForAsync();
        }),
        new("source-test", "/sources/new?connector=git", async p =>
        {
            await p.Locator("[data-test-connection]").ClickAsync();
            await p.Locator(".steps li, .fault").First.WaitForAsync();
        }),
        new("source-git-settings", $"/sources/{git}?tab=settings", null),
        new("source-saved", $"/sources/{file}?tab=settings", async p =>
        {
            await p.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
            await p.Locator(".toast").WaitForAsync();
        }),
        new("audit-digests", "/audit", async p =>
        {
            await p.Locator("[aria-label^='Digests of entry']:visible").First.ClickAsync();
            await p.Locator(".menu.digests:popover-open").WaitForAsync();
        }),
        new("audit-verified", "/audit?action=source.", async p =>
        {
            await p.GetByRole(AriaRole.Button, new() { Name = "Verify" }).ClickAsync();
            await p.Locator(".banner .acts").WaitForAsync();
        }),
        new("audit-filtered", "/audit?action=source.&start=2026-01-01&end=2026-01-02", null),
        new("tip", "/identities?kind=Bot", async p =>
        {
            await p.Keyboard.PressAsync("Tab");
            await p.Locator("main [data-tip]:visible").First.FocusAsync();
        }),
        new("reconnect", "/teams", p => p.EvaluateAsync("document.querySelector('#reconnect').hidden = false")),
        new("draft-note", "/teams", p => p.EvaluateAsync("document.querySelector('#draft').hidden = false")),
    ];

    private static async Task OpenAsync(IPage page, string button, string opened)
    {
        await page.Locator(button).First.ClickAsync();
        await page.Locator(opened).First.WaitForAsync();
    }

    private static async Task DialogAsync(IPage page, string button)
    {
        await page.Locator("main").GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();
        await page.Locator("dialog[open]").WaitForAsync();
    }

    /// <summary>One operation of the page of the HTTP API.</summary>
    private static async Task UnfoldAsync(IPage page, string path, string method)
    {
        var operation = page.Locator("details.op").Filter(new() { Has = page.Locator($"summary .path:text-is('{path}')") })
            .Filter(new() { Has = page.Locator($"summary .method:text-is('{method}')") });
        await operation.Locator("summary").ClickAsync();
        await operation.Locator("pre").First.WaitForAsync();
    }
}
