using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NhiGovernance.Access;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Catalogue.Services;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;
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
    public async Task AccountRoles_ChangedMeanwhile_SayWhatChangedAndKeepBoth()
    {
        var company = new ExampleCompany(product);
        await using var visit = await product.VisitAsync();
        var account = await NewAccountAsync(company, "contended.roles@example.org", "Contended Roles", Role.Owner);
        var page = visit.Page;
        await visit.GoAsync("/settings/accounts?q=contended.roles");
        await page.GetByRole(AriaRole.Button, new() { Name = "Actions on Contended Roles" }).ClickAsync();
        await page.Locator(".menu:popover-open .item", new() { HasText = "Change roles" }).ClickAsync();
        await page.Locator("dialog[open]").GetByLabel("Auditor").CheckAsync();
        await company.AskAsync(s => s.GetRequiredService<SetAccountRoles>().RunAsync(new SetAccountRolesRequest(account.Id, Role.Engineer, account.Version)));
        var save = page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Save roles" });
        await save.ClickAsync();
        await page.Locator("dialog[open]").GetByText("added “Engineer”; removed “Owner”").WaitForAsync();
        (await visit.AxeAsync()).ShouldBeEmpty();
        await save.ClickAsync();
        await page.Locator("dialog[open]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        (await FindAsync(company, "contended.roles")).Roles.ShouldBe(Role.Engineer | Role.Auditor);
    }

    [Fact]
    public async Task PersonStatus_ChangedMeanwhile_SaysWhatChanged()
    {
        var company = new ExampleCompany(product);
        await using var visit = await product.VisitAsync();
        var id = await company.AskAsync(s => s.GetRequiredService<CreatePerson>().RunAsync(new CreatePersonRequest("Contended Person", "contended.person@example.org")));
        var page = visit.Page;
        await visit.GoAsync("/people?q=contended.person");
        await page.GetByRole(AriaRole.Button, new() { Name = "Actions on Contended Person" }).ClickAsync();
        await page.Locator(".menu:popover-open .item", new() { HasText = "Change status" }).ClickAsync();
        await page.Locator("dialog[open] select").SelectOptionAsync("Suspended");
        await company.AskAsync(s => s.GetRequiredService<SetPersonStatus>().RunAsync(new SetPersonStatusRequest(id, PersonStatus.Left, new DateOnly(2026, 3, 5))));
        await page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.Locator("dialog[open]").GetByText("status is now “Left”, was “Unknown”; last day is now “5 Mar 2026”, was empty").WaitForAsync();
        (await page.Locator("dialog[open] select").InputValueAsync()).ShouldBe("Suspended");
        (await page.Locator("dialog[open] input[type=date]").InputValueAsync()).ShouldBe("2026-03-05");
        (await visit.AxeAsync()).ShouldBeEmpty();
    }

    /// <summary>An account by the way that people take: invited, and the link opened.</summary>
    private async Task<AccountRow> NewAccountAsync(ExampleCompany company, string email, string name, Role roles)
    {
        var link = await company.AskAsync(s => s.GetRequiredService<InviteAccount>().RunAsync(new InviteAccountRequest(email, name, roles)));
        await using var invited = await product.VisitAsync(signedIn: false);
        await invited.Page.GotoAsync(link.Path);
        await invited.Page.Locator("input[name=password]").FillAsync(Product.Password);
        await invited.Page.Locator("button[type=submit]").ClickAsync();
        await invited.ReadyAsync();
        return await FindAsync(company, email);
    }

    private static async Task<AccountRow> FindAsync(ExampleCompany company, string text) =>
        (await company.AskAsync(s => s.GetRequiredService<ListAccounts>().RunAsync(new ListAccountsRequest(text)))).Items.Single();

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
