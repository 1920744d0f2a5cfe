using Microsoft.Playwright;

namespace NhiGovernance.BrowserTests;

/// <summary>Add a source, test it, watch it being read, filter what it saw, and send the link.</summary>
public sealed class InventoryJourneys(Product product)
{
    [Fact]
    public async Task Keys_Alone_ReachPaletteListAndPanel()
    {
        await using var visit = await product.VisitAsync();
        var (page, keys) = (visit.Page, visit.Page.Keyboard);
        await visit.GoAsync("/");
        await visit.PressBothAsync("g", "i");
        await page.WaitForURLAsync("**/identities");
        await visit.ReadyAsync();
        await page.WaitForFunctionAsync("document.activeElement.tagName === 'H1'");

        await keys.PressAsync("?");
        await page.Locator("dialog[open]").WaitForAsync();
        await keys.PressAsync("Escape");
        await page.Locator("dialog[open]").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await keys.PressAsync("/");
        (await page.EvaluateAsync<bool>("document.activeElement.matches('[data-search]')")).ShouldBeTrue();
        await keys.TypeAsync("zzz");
        await page.WaitForURLAsync("**/identities?q=zzz");
        await page.GetByText("No identity matches these filters").WaitForAsync();

        await keys.PressAsync("Control+k");
        await page.Locator("#palette-text").WaitForAsync();
        await keys.TypeAsync("cred");
        await page.Locator("#palette-hits [aria-selected=true]", new() { HasText = "Credentials" }).WaitForAsync();
        await keys.PressAsync("Enter");
        await page.WaitForURLAsync("**/credentials");
        visit.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task SingleKeys_SwitchedOff_DoNothing()
    {
        await using var visit = await product.VisitAsync();
        await visit.GoAsync("/");
        await visit.Page.Locator("button.who").ClickAsync();
        await visit.Page.Locator("[data-pref=keys][data-value=off]").ClickAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.Page.Keyboard.PressAsync("g");
        await visit.Page.Keyboard.PressAsync("i");
        await visit.Page.Keyboard.PressAsync("Control+k");
        await visit.Page.Locator("#palette-text").WaitForAsync();
        new Uri(visit.Page.Url).AbsolutePath.ShouldBe("/");
    }

    [Fact]
    public async Task Theme_Chosen_StaysAfterReload()
    {
        await using var visit = await product.VisitAsync();
        await visit.GoAsync("/");
        await visit.Page.Locator("button.who").ClickAsync();
        await visit.Page.Locator("[data-pref=theme][data-value=dark]").ClickAsync();
        await visit.Page.ReloadAsync();
        (await visit.Page.Locator("html").GetAttributeAsync("data-theme")).ShouldBe("dark");
    }
}
