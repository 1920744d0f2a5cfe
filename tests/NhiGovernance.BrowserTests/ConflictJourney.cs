using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NhiGovernance.Catalogue.Services;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Sources.Manage;

namespace NhiGovernance.BrowserTests;

/// <summary>Two people edit the same thing: nobody's change is lost without a word.</summary>
public sealed class ConflictJourney(Product product)
{
    [Fact]
    public async Task SourceSettings_ChangedMeanwhile_SayWhatChangedAndKeepBoth()
    {
        var folder = Directory.CreateDirectory(Path.Combine(product.Files, "contended")).FullName;
        var company = new ExampleCompany(product);
        var id = await company.ReadAsync("file", "Contended", new() { ["from"] = "path", ["path"] = folder, ["system"] = "contended" });
        await using var visit = await product.VisitAsync();
        var page = visit.Page;
        await visit.GoAsync($"/sources/{id}?tab=settings");
        await page.GetByLabel("System").FillAsync("mine");
        await page.GetByLabel("System").PressAsync("Tab");

        var source = await company.AskAsync(s => s.GetRequiredService<GetSource>().RunAsync(new GetSourceRequest(id)));
        await company.AskAsync(s => s.GetRequiredService<UpdateSource>().RunAsync(
            new UpdateSourceRequest(id, source.Row.Version, "Contended by another", source.Settings)));
        // The page hears of it; what is typed stays, and so does the version that was shown.
        await page.Locator("h1", new() { HasText = "Contended by another" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await page.GetByText("name is now “Contended by another”, was “Contended”").WaitForAsync();
        (await visit.AxeAsync()).ShouldBeEmpty();
        (await page.GetByLabel("Name", new() { Exact = true }).InputValueAsync()).ShouldBe("Contended by another");
        (await page.GetByLabel("System").InputValueAsync()).ShouldBe("mine");

        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await page.Locator(".toast", new() { HasText = "Saved" }).WaitForAsync();
        var now = await company.AskAsync(s => s.GetRequiredService<GetSource>().RunAsync(new GetSourceRequest(id)));
        (now.Row.Name, now.Settings["system"]).ShouldBe(("Contended by another", "mine"));
    }

    [Fact]
    public async Task MappingRules_ChangedMeanwhile_AreNotReplacedUnseen()
    {
        var company = new ExampleCompany(product);
        await company.AskAsync(s => s.GetRequiredService<CreateService>().RunAsync(new CreateServiceRequest("contended", "Contended", null, null)));
        await using var visit = await product.VisitAsync();
        var page = visit.Page;
        await visit.GoAsync("/services/contended");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add rule" }).ClickAsync();
        await page.GetByLabel("Pattern of rule 1").FillAsync("acme/mine");
        await company.AskAsync(s => s.GetRequiredService<SetServiceMapping>().RunAsync(
            new SetServiceMappingRequest("contended", [new RuleInput("repository", "acme/theirs")])));
        await page.Locator(".strip").GetByText("1 rule").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save rules" }).ClickAsync();
        await page.GetByText("added “repository acme/theirs”").WaitForAsync();
        (await page.GetByLabel("Pattern of rule 1").InputValueAsync()).ShouldBe("acme/mine");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo changes" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Pattern of rule 1")).ToHaveValueAsync("acme/theirs");
    }
}
