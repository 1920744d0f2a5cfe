using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NhiGovernance.Catalogue.Teams;

namespace NhiGovernance.BrowserTests;

/// <summary>Upload an inventory, watch it being read, see what was refused; give an identity away and take that back. In both themes.</summary>
public sealed class UploadJourney(Product product)
{
    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task AnInventory_Uploaded_IsReadLiveAndSaysWhatItRefused(string theme)
    {
        await using var visit = await product.VisitAsync(theme: theme);
        var page = visit.Page;
        await visit.GoAsync("/sources/new?connector=file");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync($"Vault {theme}");
        await page.Locator("[data-test-connection]").ClickAsync();
        await page.Locator("main").GetByText("There is no .csv or .json file yet.").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and upload" }).ClickAsync();
        await page.WaitForURLAsync("**/sources/*?tab=documents");
        await page.Locator("[data-upload]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.EvaluateAsync("window.stayed = true");

        await SendAsync(page, "notes.txt", "nothing");
        await page.Locator(".fault").GetByText("ends in .csv").WaitForAsync();
        (await visit.AxeAsync()).ShouldBeEmpty();

        await SendAsync(page, "vault.csv", $"id,kind,name,createdAt\nodd,Servant,Odd {theme},\nok,Bot,Sweeper {theme},2024-02-03\n");
        var refused = page.Locator("table[aria-label='Refused rows'] tbody tr");
        await refused.First.WaitForAsync(new() { Timeout = 40_000 });
        (await refused.First.InnerTextAsync()).ShouldContain("vault.csv");
        (await refused.First.Locator("td").Nth(1).InnerTextAsync()).ShouldBe("2");
        (await visit.AxeAsync()).ShouldBeEmpty();
        await ExampleAsync(page);

        await page.Locator(".tabs a", new() { HasText = "Runs" }).ClickAsync();
        var runs = page.Locator("main table tbody tr");
        await runs.First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Poll now" }).ClickAsync();
        await runs.Nth(1).WaitForAsync(new() { Timeout = 40_000 });
        var ended = runs.First.GetByText("Complete", new() { Exact = true }).Or(runs.First.GetByText("In part", new() { Exact = true }));
        await ended.First.WaitForAsync(new() { Timeout = 40_000 });
        (await page.EvaluateAsync<bool>("window.stayed === true")).ShouldBeTrue("what changed came by itself, not by loading the page anew");
        (await visit.AxeAsync()).ShouldBeEmpty();
        visit.Complaints.ShouldBeEmpty();

        await GiveAndTakeBackAsync(visit, theme);
    }

    private static Task SendAsync(IPage page, string name, string text) => page.Locator("[data-upload]").SetInputFilesAsync(
        new FilePayload { Name = name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) });

    private static async Task ExampleAsync(IPage page)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("a[download='people.csv']").ClickAsync());
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldNotBeNullOrEmpty();
    }

    private async Task GiveAndTakeBackAsync(Visit visit, string theme)
    {
        var (page, team) = (visit.Page, $"Sweepers {theme}");
        await ExampleCompany.AskAsync(product, s => s.GetRequiredService<CreateTeam>().RunAsync(new CreateTeamRequest($"sweepers-{theme}", team, null)));
        await visit.GoAsync($"/identities?q=Sweeper {theme}");
        await page.Locator("table a.name", new() { HasText = $"Sweeper {theme}" }).ClickAsync();
        await page.Locator(".hero").WaitForAsync();
        (await visit.AxeAsync()).ShouldBeEmpty();

        await page.GetByRole(AriaRole.Button, new() { Name = "Assign owner" }).ClickAsync();
        var dialog = page.Locator("dialog[open]");
        await dialog.Locator("select").SelectOptionAsync(new SelectOptionValue { Label = team });
        await dialog.GetByText("will change").WaitForAsync();
        (await visit.AxeAsync()).ShouldBeEmpty();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Assign", Exact = true }).ClickAsync();
        var owner = page.Locator(".strip > div").Nth(1);
        await owner.GetByText(team).First.WaitForAsync();
        await page.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await owner.GetByText("No owner").WaitForAsync();
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Axe_OnFormsWithFaultsAndDialogs_FindsNothing(string theme)
    {
        await using var visit = await product.VisitAsync(theme: theme);
        var page = visit.Page;
        await visit.GoAsync("/sources/new?connector=github");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and poll" }).ClickAsync();
        await page.Locator(".fault").First.WaitForAsync();
        var faults = new List<string>(await visit.AxeAsync());
        foreach (var (path, button) in new[] { ("/teams", "Add team"), ("/settings/accounts", "Invite"), ("/settings/tokens", "Create token") })
        {
            await visit.GoAsync(path);
            await page.GetByRole(AriaRole.Button, new() { Name = button }).First.ClickAsync();
            await page.Locator("dialog[open]").WaitForAsync();
            faults.AddRange(await visit.AxeAsync());
            if (path == "/teams")
            {
                await page.Locator("dialog[open] footer .btn").Last.ClickAsync();
                await page.Locator("dialog[open] .fault").First.WaitForAsync();
                faults.AddRange(await visit.AxeAsync());
            }
        }

        faults.ShouldBeEmpty();
    }
}
