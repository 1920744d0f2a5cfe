using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using NhiGovernance.Web.Shell;

namespace NhiGovernance.BrowserTests;

/// <summary>
/// Every page, detail, dialog, menu and panel of a company with rows, at both widths, each looked at once for all that holds of it:
/// axe with every rule on (the other theme changes colours alone, so there the rules about colours look again), nothing jumps while
/// it loads, every stop of Tab is seen, nothing scrolls sideways. Routes are found by reflection: a page that no part shows fails the test.
/// </summary>
[Collection(nameof(Furnished))]
public sealed partial class EveryPartTests(FurnishedProduct house)
{
    [Fact]
    public async Task Parts_OfTheExample_ShowEveryRoute()
    {
        var paths = (await ExampleParts.OfAsync(house.Company)).Select(p => p.Path.Split('?')[0]).ToHashSet();
        var missing =
            from type in typeof(App).Assembly.GetTypes()
            from route in type.GetCustomAttributes<RouteAttribute>()
            where route.Template != "/not-found"
            let pattern = new Regex($"^{Parameter().Replace(route.Template, "[^/]+")}$", RegexOptions.NonBacktracking)
            where !paths.Any(pattern.IsMatch)
            select route.Template;
        missing.ShouldBeEmpty();
    }

    [Fact]
    public async Task Axe_OnAPageWithFaults_NamesThem()
    {
        await using var visit = await house.Product.VisitAsync(signedIn: false);
        await visit.Page.SetContentAsync("""
            <html lang="en"><title>Faults</title><main><h1>Faults</h1><img src="data:,"><p style="color: #bbb; background: #fff">Pale words</p></main></html>
            """);
        (await visit.AxeAsync()).Select(f => f.Split(' ')[1].Trim(',')).ShouldBe(["color-contrast", "image-alt"], ignoreOrder: true);
        (await visit.AxeColoursAsync()).ShouldHaveSingleItem().ShouldContain("Pale words");
    }

    [Fact]
    public async Task AxeColours_OfTextsThatAreAlike_LooksAtAFewOfEachKind()
    {
        await using var visit = await house.Product.VisitAsync(signedIn: false);
        await visit.Page.SetContentAsync("""
            <html lang="en"><title>Alike</title><style>p, a { color: #666 } p { background: #fff } .dim { opacity: .5 } .dark { background: #444 } .dark p { background: none }</style>
            <main><h1>Alike</h1><p>Fine, 1</p><p>Fine, 2</p><p class="dim">Dim, 1</p><p class="dim">Dim, 2</p><p class="dim">Dim, 3</p><p class="dim">Dim, 4</p><div class="dark"><p>On dark</p></div>
            <p style="color: #bbb">Pale, 1</p><p style="color: #bbb">Pale, 2</p><p style="color: #bbb" hidden>Pale and hidden</p>
            <p style="color: #111">Many more words than it has stand around <a href="/x" style="text-decoration: none; color: #151515">a link like them</a></p></main></html>
            """);
        string Found(IEnumerable<string> faults) => string.Join(", ", faults.Select(f => f[(f.LastIndexOf('>', f.Length - 5) + 1)..^4]).Order(StringComparer.Ordinal));
        Found(await visit.AxeColoursAsync()).ShouldBe("Dim, 1, Dim, 3, Dim, 4, On dark, Pale, 1, Pale, 2, a link like them");
        Found((await visit.AxeAsync()).Where(f => !f.Contains("region", StringComparison.Ordinal)))
            .ShouldBe("Dim, 1, Dim, 2, Dim, 3, Dim, 4, On dark, Pale, 1, Pale, 2, a link like them");
        await visit.Page.EvaluateAsync("document.body.insertAdjacentHTML('beforeend', '<dialog aria-label=\"Asks\"><p style=\"color: #bbb\">Pale in front</p></dialog>'); document.querySelector('dialog').showModal()");
        Found(await visit.AxeColoursAsync()).ShouldBe("Pale in front");
        Found(await visit.AxeAsync()).ShouldBe("Pale in front");
    }

    [Fact]
    public async Task Shift_OnAPageThatJumps_IsReported()
    {
        await using var visit = await house.Product.VisitAsync(signedIn: false);
        await visit.Page.AddInitScriptAsync(ShiftLook.Watch);
        await visit.Page.GotoAsync("about:blank");
        await visit.Page.SetContentAsync("<html lang=\"en\"><title>Jumps</title><main style=\"height: 700px; background: #eee\"><h1>Jumps</h1></main></html>");
        await visit.Page.EvaluateAsync("""
            () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
              document.body.insertAdjacentHTML('afterbegin', '<div style="height: 400px"></div>');
              done();
            })))
            """);
        (await ShiftLook.LookAsync(visit.Page)).Sum(s => s.Value).ShouldBeGreaterThan(ShiftLook.Most);
    }

    [Fact]
    public async Task Focus_OnAPageWithFaults_NamesThem()
    {
        await using var visit = await house.Product.VisitAsync(signedIn: false);
        await visit.Page.SetContentAsync("""
            <html lang="en"><title>Faults</title><main><h1 tabindex="-1">Faults</h1>
            <button style="outline: 2px solid red">Fine</button> <button style="outline: none">Ringless</button>
            <button style="outline: 2px solid red; position: absolute; top: 200px">Hidden</button>
            <div class="cover" style="position: absolute; top: 190px; width: 300px; height: 100px; background: #fff"></div>
            <button style="outline: 2px solid red; position: fixed; left: -400px">Away</button></main></html>
            """);
        (await FocusLook.LookAsync(visit.Page)).ShouldBe(["behind cover: button. \"Hidden\"", "no ring: button. \"Ringless\"", "out of sight: button. \"Away\""]);
        await visit.Page.SetContentAsync("<html lang=\"en\"><title>Nothing</title><main><h1 tabindex=\"-1\">Nothing to reach</h1></main></html>");
        (await FocusLook.LookAsync(visit.Page)).ShouldBe(["no stop at all"]);
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(360)]
    public async Task EveryPart_LookedAt_HasNoFault(int width)
    {
        // Two windows on two cores, beside the journeys.
        var parts = new ConcurrentQueue<Part>((await ExampleParts.OfAsync(house.Company)).Where(p => !p.OnlyPictured));
        var faults = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            await using var visit = await house.Product.VisitAsync(width, width == 360 ? 740 : 900);
            return await LookAsync(visit, parts, width);
        }));
        parts.ShouldBeEmpty();
        string.Join('\n', faults.SelectMany(f => f).Distinct().Order(StringComparer.Ordinal)).ShouldBeEmpty();
    }

    private static async Task<List<string>> LookAsync(Visit visit, ConcurrentQueue<Part> parts, int width)
    {
        await visit.Page.AddInitScriptAsync(ShiftLook.Watch);
        var faults = new List<string>();
        while (parts.TryDequeue(out var part))
        {
            try
            {
                faults.AddRange((await LookAsync(visit, part, width)).Select(f => $"{part.Name} at {width}{f}"));
            }
            catch (Exception error) when (error is PlaywrightException or TimeoutException)
            {
                faults.Add($"{part.Name} at {width}: {error.Message.Split('\n')[0]}");
            }
        }

        faults.AddRange(visit.Complaints.Where(c => !c.Contains("404", StringComparison.Ordinal)));
        return faults;
    }

    private static async Task<List<string>> LookAsync(Visit visit, Part part, int width)
    {
        var faults = new List<string>();
        await visit.GoAsync(part.Path);

        // What a person opens may move things, and an address with a fragment opens the shape that it names.
        if (part.Open is null && !part.Path.Contains('#', StringComparison.Ordinal))
        {
            var shifts = await ShiftLook.LookAsync(visit.Page);
            var sum = shifts.Sum(s => s.Value);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sum:0.000} {part.Name} at {width}"));
            if (sum >= ShiftLook.Most)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $" shifts by {sum:0.000}: {string.Join(" | ", shifts.Take(4).Select(s => $"{s.Value:0.000} {s.Of}"))}"));
            }
        }

        await (part.Open?.Invoke(visit.Page) ?? Task.CompletedTask);
        faults.AddRange((await visit.AxeAsync()).Select(f => $", light: {f}"));
        await visit.Page.EvaluateAsync("document.documentElement.dataset.theme = 'dark'");
        faults.AddRange((await visit.AxeColoursAsync()).Select(f => $", dark: {f}"));
        faults.AddRange((await visit.Page.EvaluateAsync<string[]>(Loose)).Select(f => $": {f}"));
        if (await visit.SidewaysAsync() is > 0 and var far)
        {
            faults.Add($" scrolls sideways by {far} px");
        }

        if (part.Open is null)
        {
            // Wide and light, narrow and dark: two of the four forms.
            var theme = width == 360 ? "dark" : "light";
            await visit.Page.EvaluateAsync("theme => document.documentElement.dataset.theme = theme", theme);
            faults.AddRange((await FocusLook.LookAsync(visit.Page)).Select(f => $", {theme}: {f}"));
        }

        return faults;
    }

    /// <summary>What axe does not ask: a field at fault says so and names its words; help is named too; what names something names what is there.</summary>
    private const string Loose = """
        () => [
          ...[...document.querySelectorAll('.formfield')].filter(f => f.checkVisibility()).flatMap(f => {
            const control = f.querySelector('input, select, textarea, button[id]');
            const named = (control?.getAttribute('aria-describedby') ?? '').split(' ');
            return [...f.querySelectorAll(':scope > .fault, :scope > .help')].filter(w => !named.includes(w.id)).map(w => `not named by its field: ${w.textContent}`)
              .concat(f.classList.contains('bad') && control?.getAttribute('aria-invalid') !== 'true' ? [`at fault, and not aria-invalid: ${f.textContent}`] : []);
          }),
          ...[...document.querySelectorAll('[aria-describedby], [aria-activedescendant]')].flatMap(e =>
            `${e.getAttribute('aria-describedby') ?? ''} ${e.getAttribute('aria-activedescendant') ?? ''}`.split(' ').filter(id => id && !document.getElementById(id)).map(id => `names nothing: ${id}`)),
          ...[...document.querySelectorAll('[data-tip]')].filter(e => e.checkVisibility() && e.tabIndex < 0 && !e.closest('a, button')).map(e => `a tip that no key reaches: ${e.outerHTML.slice(0, 120)}`),
        ]
        """;

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}
