using Microsoft.Playwright;

namespace NhiGovernance.BrowserTests;

/// <summary>
/// Tab through a page: each stop is drawn, ringed, and covered by nothing (WCAG 2.4.7 and 2.4.11), and the page has a stop.
/// Sixty stops are gone; a page with more is judged by those.
/// </summary>
internal static class FocusLook
{
    private const int Stops = 60;

    /// <summary>
    /// Looks at where the focus is before each Tab takes it away, when all that its coming caused is done: the page notes this by itself,
    /// so that a stop costs no question. One entry for each stop: what is wrong there, empty when nothing is.
    /// </summary>
    private const string Watch = """
        () => { const look = () => {
          const at = document.activeElement;
          if (!at || at === document.body) { return 'nowhere'; }
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
        };
        const stops = [];
        let moving = false;
        window.tabLeft = false;
        addEventListener('keydown', event => {
          if (event.key === 'Tab' && !window.tabLeft) { stops.push(look()); moving = true; }
        }, true);
        addEventListener('keyup', () => { moving = false; }, true);
        addEventListener('focusout', event => { window.tabLeft ||= moving && !event.relatedTarget; }, true);
        window.tabStops = () => { if (!window.tabLeft) { stops.push(look()); } return stops.slice(1); };
        }
        """;

    /// <summary>What is wrong on the way through the page, from its heading on.</summary>
    public static async Task<IReadOnlyCollection<string>> LookAsync(IPage page)
    {
        await page.Locator("main h1").First.FocusAsync();
        await page.EvaluateAsync(Watch);
        for (var press = 0; press < Stops; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (press % 5 == 4 && await page.EvaluateAsync<bool>("tabLeft"))
            {
                break;
            }
        }

        // From the heading to where the focus leaves the page; a Tab from there begins anew.
        var stops = await page.EvaluateAsync<string[]>("tabStops()");
        var faults = new SortedSet<string>(stops.Where(s => s.Length > 0), StringComparer.Ordinal);
        if (stops.Length == 0)
        {
            faults.Add("no stop at all");
        }

        return faults;
    }
}
