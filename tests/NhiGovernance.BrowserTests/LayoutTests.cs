using System.Globalization;
using Microsoft.Playwright;

namespace NhiGovernance.BrowserTests;

/// <summary>Nothing jumps while a page of the example loads: the shifts that no input caused add up to less than 0.1 at both widths.</summary>
[Collection(nameof(Furnished))]
public sealed class LayoutTests(FurnishedProduct house)
{
    /// <summary>"Good" by https://web.dev/articles/cls; here summed over the whole load instead of its worst window, which is stricter.</summary>
    private const double Most = 0.1;

    private const string Watch = """
        window.shifts = [];
        new PerformanceObserver(list => {
          for (const entry of list.getEntries()) {
            if (!entry.hadRecentInput) {
              window.shifts.push({ value: entry.value, of: entry.sources.map(s => (s.node?.className || s.node?.nodeName || '') + ' ' + Math.round(s.previousRect.y) + '>' + Math.round(s.currentRect.y)).slice(0, 3).join('; ') });
            }
          }
        }).observe({ type: 'layout-shift', buffered: true });
        """;

    // Side by side: most of a load is waiting.
    [Fact]
    public async Task Shift_WhileAnyPageLoads_StaysSmall() =>
        string.Join('\n', (await Task.WhenAll(LookAsync(1280, 900), LookAsync(360, 740))).SelectMany(f => f)).ShouldBeEmpty();

    private async Task<List<string>> LookAsync(int width, int height)
    {
        await using var visit = await house.Product.VisitAsync(width, height);
        await visit.Page.AddInitScriptAsync(Watch);
        var faults = new List<string>();
        // An address with a fragment opens the shape that it names: what stands below has to move.
        foreach (var (name, path, _) in (await ExampleParts.OfAsync(house.Company)).Where(p => p.Open is null && !p.Path.Contains('#', StringComparison.Ordinal)))
        {
            await visit.GoAsync(path);
            await visit.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

            // Two frames: what the last render moved is reported only after it was painted.
            await visit.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            var shifts = await visit.Page.EvaluateAsync<Shift[]>("window.shifts");
            var sum = shifts.Sum(s => s.Value);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sum:0.000} {name} at {width}"));
            if (sum >= Most)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} at {width} shifts by {sum:0.000}: {string.Join(" | ", shifts.OrderByDescending(s => s.Value).Take(4).Select(s => $"{s.Value:0.000} {s.Of}"))}"));
            }
        }

        return faults;
    }

    /// <summary>One entry of the browser's report.</summary>
    private sealed record Shift
    {
        public double Value { get; init; }

        public string Of { get; init; } = "";
    }
}
