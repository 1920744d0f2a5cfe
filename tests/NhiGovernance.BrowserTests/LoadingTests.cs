using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NhiGovernance.Web.Hosting.Database;

namespace NhiGovernance.BrowserTests;

/// <summary>A query that takes long shows its grey bars within 400 ms; one that answers sooner shows none, not even for a moment.</summary>
public sealed class LoadingTests(Product product)
{
    /// <summary>Notes, frame by frame, how long a skeleton had been in the page when it was first drawn; -1 while none was.</summary>
    private const string Watch = """
        window.bars = { seen: false, drawnAfter: -1 };
        let since = 0;
        const look = () => {
          const bars = document.querySelector('main .skeleton');
          if (!bars) { since = 0; }
          else {
            since ||= performance.now();
            window.bars.seen = true;
            if (window.bars.drawnAfter < 0 && getComputedStyle(bars).visibility === 'visible') { window.bars.drawnAfter = performance.now() - since; }
          }
          requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
        """;

    [Fact]
    public async Task Bars_WhileAQueryWaits_AreDrawn_AndLeaveWithItsAnswer()
    {
        await using var visit = await product.VisitAsync();
        await visit.Page.AddInitScriptAsync(Watch);
        await using (var owner = product.Services.GetRequiredService<DatabaseConnection>().OpenAsOwner())
        await using (var held = await owner.Database.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            // Whoever reads products now waits.
            await owner.Database.ExecuteSqlRawAsync("LOCK TABLE products IN ACCESS EXCLUSIVE MODE", TestContext.Current.CancellationToken);
            await visit.Page.GotoAsync("/products");
            await visit.Page.Locator("main .skeleton").WaitForAsync();
            await visit.Page.WaitForFunctionAsync("window.bars.drawnAfter >= 0");
            (await visit.Page.EvaluateAsync<double>("window.bars.drawnAfter")).ShouldBeGreaterThan(250);
            (await visit.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('main .skeleton')).animationDelay")).ShouldBe("0.3s");
            (await visit.AxeAsync()).ShouldBeEmpty();
            await held.RollbackAsync(TestContext.Current.CancellationToken);
        }

        await visit.Page.Locator("main .skeleton").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await visit.Page.Locator("main table, main .empty").First.WaitForAsync();
        visit.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Bars_OfAQueryThatAnswersAtOnce_AreNeverDrawnEarly()
    {
        await using var visit = await product.VisitAsync();
        await visit.Page.AddInitScriptAsync(Watch);
        foreach (var path in new[] { "/products", "/teams", "/services", "/settings", "/audit", "/people" })
        {
            await visit.GoAsync(path);

            // A busy machine may take longer than 300 ms to answer; what is shown then is due, what is shown before is a flash.
            if (await visit.Page.EvaluateAsync<double>("window.bars.drawnAfter") is >= 0 and var after)
            {
                after.ShouldBeGreaterThan(250, path);
            }
        }
    }
}
