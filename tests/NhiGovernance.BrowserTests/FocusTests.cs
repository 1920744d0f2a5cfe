namespace NhiGovernance.BrowserTests;

/// <summary>
/// Tab through every page of the example, wide and light, narrow and dark: each stop is drawn, ringed, and covered by nothing
/// (WCAG 2.4.7 and 2.4.11), and no page holds the focus for good.
/// </summary>
[Collection(nameof(Furnished))]
public sealed class FocusTests(FurnishedProduct house)
{
    private const int Stops = 60;

    /// <summary>What is wrong with where the focus is now; empty when nothing is, null when it left the page.</summary>
    private const string Look = """
        () => {
          const at = document.activeElement;
          if (!at || at === document.body) { return null; }
          const box = at.getClientRects()[0] ?? at.getBoundingClientRect();
          const says = at.tagName.toLowerCase() + '.' + at.className + ' "' + (at.getAttribute('aria-label') ?? at.textContent ?? '').trim().slice(0, 40) + '"';
          if (box.width < 1 || box.height < 1 || !at.checkVisibility({ visibilityProperty: true })) { return 'not drawn: ' + says; }
          // A field inside a drawn one (a date in its chip, the file in its drop) is ringed there.
          const ringed = e => e && getComputedStyle(e).outlineStyle !== 'none' && parseFloat(getComputedStyle(e).outlineWidth) >= 2;
          const ring = ringed(at) || ringed(at.closest('.drop, .chip.pick'));
          if (!ring) { return 'no ring: ' + says; }
          const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
          const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 14), 1), innerHeight - 1);
          if (box.bottom < 0 || box.top > innerHeight || box.right < 0 || box.left > innerWidth) { return 'out of sight: ' + says; }
          const top = document.elementFromPoint(x, y);
          return top && (at.contains(top) || top.contains(at) || top.closest('label')?.control === at || top.closest('.tip')) ? '' : 'behind ' + top?.className + ': ' + says;
        }
        """;

    // Side by side: what takes the time is going from stop to stop.
    [Fact]
    public async Task Tab_ThroughEveryPage_IsAlwaysSeen() =>
        string.Join('\n', (await Task.WhenAll(LookAsync("light", 1280), LookAsync("dark", 360))).SelectMany(f => f)).ShouldBeEmpty();

    private async Task<IReadOnlyCollection<string>> LookAsync(string theme, int width)
    {
        await using var visit = await house.Product.VisitAsync(width, width == 360 ? 740 : 900, theme);
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, path, _) in (await ExampleParts.OfAsync(house.Company)).Where(p => p.Open is null))
        {
            await visit.GoAsync(path);
            await visit.Page.Locator("main h1").First.FocusAsync();
            var stops = 0;
            for (; stops < Stops; stops++)
            {
                await visit.Page.Keyboard.PressAsync("Tab");
                if (await visit.Page.EvaluateAsync<string?>(Look) is not { } wrong)
                {
                    break;
                }

                if (wrong.Length > 0)
                {
                    faults.Add($"{name} at {width}, {theme}: {wrong}");
                }
            }

            if (stops == 0)
            {
                faults.Add($"{name} at {width}, {theme}: no stop at all");
            }
        }

        return faults;
    }
}
