using Microsoft.Playwright;
using NhiGovernance.Catalogue.Teams;
using Microsoft.Extensions.DependencyInjection;

namespace NhiGovernance.BrowserTests;

/// <summary>The main job with the keyboard alone: every step is reached by Tab, letters and arrows, as somebody without a mouse does it.</summary>
public sealed class KeyboardJourney(Product product)
{
    [Fact]
    public async Task FromSignInToSignOut_ByKeysAlone_Works()
    {
        await using (await product.VisitAsync())
        {
            // The run's account is there from here on.
        }

        await ExampleCompany.AskAsync(product, s => s.GetRequiredService<CreateTeam>().RunAsync(new CreateTeamRequest("keyed", "Keyed team", null)));
        var folder = Directory.CreateDirectory(Path.Combine(product.Files, "keyed")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "keyed.csv"), "id,kind,name,createdAt\nkeyed-1,Bot,Keyed sweeper,2024-02-03\n", TestContext.Current.CancellationToken);
        await using var visit = await product.VisitAsync(signedIn: false);
        var (page, keys) = (visit.Page, visit.Page.Keyboard);

        await page.GotoAsync("/sources/new?connector=file");
        await ReachAsync(page, page.Locator("input[name=email]"));
        await keys.TypeAsync(Product.Email);
        await ReachAsync(page, page.Locator("input[name=password]"));
        await keys.TypeAsync(Product.Password);
        await keys.PressAsync("Enter");
        await visit.ReadyAsync();

        await AddSourceAsync(page, folder);
        await AssignAsync(visit);

        await ReachAsync(page, page.Locator("button.who"));
        await keys.PressAsync("Enter");
        await ReachAsync(page, page.Locator("form[action='/sign-out'] button"));
        await keys.PressAsync("Enter");
        await page.WaitForURLAsync("**/sign-in**");
        visit.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task SkipLink_IsTheFirstStop_AndLeadsToTheHead()
    {
        await using var visit = await product.VisitAsync();
        await visit.GoAsync("/teams");
        await visit.Page.Locator(".nav .brand").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Shift+Tab");
        await Visit.FocusedAsync(visit.Page.Locator(".skip"));
        await Assertions.Expect(visit.Page.Locator(".skip")).ToBeInViewportAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        (await visit.Page.EvaluateAsync<string>("document.activeElement.tagName")).ShouldBe("H1");
        new Uri(visit.Page.Url).AbsolutePath.ShouldBe("/teams");
    }

    [Fact]
    public async Task ARefusedForm_LeadsToItsFirstFault()
    {
        await using var visit = await product.VisitAsync(360, 740);
        await visit.GoAsync("/sources/new?connector=github");
        await ReachAsync(visit.Page, visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save and poll" }));
        await visit.Page.Keyboard.PressAsync("Enter");
        var organization = visit.Page.GetByLabel("Organization");
        await Visit.FocusedAsync(organization);
        await Assertions.Expect(organization).ToBeInViewportAsync();
        (await organization.GetAttributeAsync("aria-invalid")).ShouldBe("true");
    }

    [Fact]
    public async Task Palette_NamesTheOptionThatEnterTakes_AndGivesTheFocusBack()
    {
        await using var visit = await product.VisitAsync();
        var (page, keys) = (visit.Page, visit.Page.Keyboard);
        await visit.GoAsync("/teams");
        await page.Locator("[data-search]").FocusAsync();
        await keys.PressAsync("Control+k");
        var field = page.Locator("#palette-text");
        await field.WaitForAsync();
        await keys.TypeAsync("s");
        await page.Locator("#palette-text[aria-activedescendant]").WaitForAsync();
        var first = await ActiveAsync(page);
        await keys.PressAsync("ArrowDown");
        var second = await ActiveAsync(page);
        second.ShouldNotBe(first);
        (await page.Locator("#palette-hits [aria-selected=true]").CountAsync()).ShouldBe(1);
        (await page.Locator("#palette-count").InnerTextAsync()).ShouldContain("result");

        await keys.PressAsync("Escape");
        await page.Locator("dialog[open]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        (await page.EvaluateAsync<bool>("document.activeElement.matches('[data-search]')")).ShouldBeTrue();
    }

    /// <summary>What screen readers hear of the option: the words of the element that the field names.</summary>
    private static Task<string> ActiveAsync(IPage page) => page.EvaluateAsync<string>(
        "document.getElementById(document.querySelector('#palette-text').getAttribute('aria-activedescendant')).textContent");

    private static async Task AddSourceAsync(IPage page, string folder)
    {
        var keys = page.Keyboard;
        await ReachAsync(page, page.GetByLabel("Name", new() { Exact = true }));
        await keys.PressAsync("Control+a");
        await keys.TypeAsync("Keyed export");
        await ReachAsync(page, page.GetByLabel("Files come from"));
        await keys.TypeAsync("A path");
        await page.GetByLabel("Path").WaitForAsync();
        await ReachAsync(page, page.GetByLabel("Path"));
        await keys.TypeAsync(folder);
        await ReachAsync(page, page.Locator("[data-test-connection]"));
        await keys.PressAsync("Enter");
        await page.Locator("main").GetByText("1 files: keyed.csv").WaitForAsync();
        await ReachAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Save and poll" }));
        await keys.PressAsync("Enter");
        await page.Locator("main tbody").GetByText("Complete").First.WaitForAsync(new() { Timeout = 40_000 });
    }

    private static async Task AssignAsync(Visit visit)
    {
        var (page, keys) = (visit.Page, visit.Page.Keyboard);
        await visit.PressBothAsync("g", "i");
        await page.WaitForURLAsync("**/identities");
        await visit.ReadyAsync();
        await Visit.FocusedAsync(page.Locator("main h1", new() { HasText = "Identities" }));
        await keys.PressAsync("/");
        await Visit.FocusedAsync(page.Locator("[data-search]"));
        await keys.TypeAsync("Keyed sweeper");
        await page.WaitForURLAsync(url => url.Contains("q=Keyed", StringComparison.Ordinal));
        await page.GetByText("1 of ").First.WaitForAsync();
        await ReachAsync(page, page.Locator("table a.name", new() { HasText = "Keyed sweeper" }));
        await keys.PressAsync("Enter");
        await page.Locator(".hero h1", new() { HasText = "Keyed sweeper" }).WaitForAsync();

        var assign = page.GetByRole(AriaRole.Button, new() { Name = "Assign owner" });
        await ReachAsync(page, assign);
        await keys.PressAsync("Enter");
        await page.Locator("dialog[open] select option", new() { HasText = "Keyed team" }).WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await ReachAsync(page, page.Locator("dialog[open] select"));
        await keys.TypeAsync("Keyed");
        await page.Locator("dialog[open]").GetByText("will change").WaitForAsync();
        await ReachAsync(page, page.Locator("dialog[open] footer .btn.primary:enabled"));
        await keys.PressAsync("Enter");
        await page.Locator(".strip").GetByText("Keyed team").WaitForAsync();
        await Visit.FocusedAsync(assign);
        (await page.Locator("#said").InnerTextAsync()).ShouldContain("given to Keyed team");

        await keys.PressAsync("F8");
        (await page.EvaluateAsync<string>("document.activeElement.textContent")).ShouldBe("Undo");
        await keys.PressAsync("Enter");
        await page.Locator(".strip").GetByText("No owner").WaitForAsync();
    }

    /// <summary>Presses Tab until the element has the focus, and fails when it never does.</summary>
    private static async Task ReachAsync(IPage page, ILocator wanted)
    {
        await wanted.WaitForAsync();
        for (var stop = 0; stop < 250; stop++)
        {
            if (await wanted.EvaluateAsync<bool>("e => e === document.activeElement"))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        throw new InvalidOperationException($"No number of Tabs reaches {wanted}.");
    }
}
