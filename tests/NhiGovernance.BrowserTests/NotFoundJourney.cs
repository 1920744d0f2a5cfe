using Microsoft.Playwright;

namespace NhiGovernance.BrowserTests;

/// <summary>An old or mistyped address ends on a page of ours that leads on, and is still a 404 to programs.</summary>
public sealed class NotFoundJourney(Product product)
{
    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task UnknownAddress_ShowsOurPageWithTheFrameAndAnswers404(string theme)
    {
        await using var visit = await product.VisitAsync(theme: theme);
        var answer = await visit.Page.GotoAsync("/nowhere/at-all");
        answer!.Status.ShouldBe(404);
        await visit.ReadyAsync();
        await visit.Page.Locator("main h1", new() { HasText = "Nothing here" }).WaitForAsync();
        await visit.Page.Locator("nav a", new() { HasText = "Identities" }).First.WaitForAsync();
        (await visit.AxeAsync()).ShouldBeEmpty();
        visit.Complaints.Where(c => !c.Contains("404", StringComparison.Ordinal)).ShouldBeEmpty();

        await visit.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Overview" }).ClickAsync();
        await visit.Page.WaitForURLAsync(product.Address + "/");
    }

    [Fact]
    public async Task UnknownAddressOfTheApi_StaysAProblem()
    {
        await using var visit = await product.VisitAsync();
        var answer = await visit.Page.Context.APIRequest.GetAsync("/api/v1/nowhere");
        (answer.Status, answer.Headers["content-type"]).ShouldBe((404, "application/problem+json"));
    }
}
