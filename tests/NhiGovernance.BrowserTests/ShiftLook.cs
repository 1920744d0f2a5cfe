using Microsoft.Playwright;

namespace NhiGovernance.BrowserTests;

/// <summary>Nothing jumps while a page loads: the shifts that no input caused add up to less than 0.1.</summary>
internal static class ShiftLook
{
    /// <summary>"Good" by https://web.dev/articles/cls; here summed over the whole load instead of its worst window, which is stricter.</summary>
    public const double Most = 0.1;

    /// <summary>Runs in each document before its own scripts.</summary>
    public const string Watch = """
        window.shifts = [];
        new PerformanceObserver(list => {
          for (const entry of list.getEntries()) {
            if (!entry.hadRecentInput) {
              window.shifts.push({ value: entry.value, of: entry.sources.map(s => (s.node?.className || s.node?.nodeName || '') + ' ' + Math.round(s.previousRect.y) + '>' + Math.round(s.currentRect.y)).slice(0, 3).join('; ') });
            }
          }
        }).observe({ type: 'layout-shift', buffered: true });
        """;

    /// <summary>The shifts of the page that just loaded, the worst first.</summary>
    public static async Task<IReadOnlyList<Shift>> LookAsync(IPage page)
    {
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        // Two frames: what the last render moved is reported only after it was painted.
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        return [.. (await page.EvaluateAsync<Shift[]>("window.shifts")).OrderByDescending(s => s.Value)];
    }
}

/// <summary>One entry of the browser's report.</summary>
internal sealed record Shift
{
    /// <summary>The share of the view that moved, times how far.</summary>
    public double Value { get; init; }

    /// <summary>What moved, from where to where.</summary>
    public string Of { get; init; } = "";
}
