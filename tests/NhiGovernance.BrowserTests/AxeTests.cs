using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using NhiGovernance.Web.Shell;

namespace NhiGovernance.BrowserTests;

/// <summary>
/// axe with every rule on, over every page, detail, dialog, menu and panel of a company with rows, in both themes and both widths;
/// and the page never scrolls sideways. The other theme changes colours alone, so there the rules about colours run again. Routes are found by reflection: a page that no part shows fails the test.
/// </summary>
[Collection(nameof(Furnished))]
public sealed partial class AxeTests(FurnishedProduct house)
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
        (await visit.AxeAsync(Visit.ColourRules)).ShouldHaveSingleItem().ShouldContain("Pale words");
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(360)]
    public async Task Axe_OnEveryPartInBothThemes_FindsNothing(int width)
    {
        // Two windows, one for each core.
        var parts = new ConcurrentQueue<Part>(await ExampleParts.OfAsync(house.Company));
        await using var one = await house.Product.VisitAsync(width, width == 360 ? 740 : 900);
        await using var other = await house.Product.VisitAsync(width, width == 360 ? 740 : 900);
        var faults = await Task.WhenAll(LookAsync(one, parts, width), LookAsync(other, parts, width));
        parts.ShouldBeEmpty();
        string.Join('\n', faults.SelectMany(f => f).Distinct().Order(StringComparer.Ordinal)).ShouldBeEmpty();
    }

    private static async Task<List<string>> LookAsync(Visit visit, ConcurrentQueue<Part> parts, int width)
    {
        var faults = new List<string>();
        while (parts.TryDequeue(out var part))
        {
            var (name, path, open) = part;
            try
            {
                await visit.GoAsync(path);
                await (open?.Invoke(visit.Page) ?? Task.CompletedTask);
            }
            catch (Exception error) when (error is PlaywrightException or TimeoutException)
            {
                faults.Add($"{name} at {width}: {error.Message.Split('\n')[0]}");
                continue;
            }

            faults.AddRange((await visit.AxeAsync()).Select(f => $"{name} at {width}, light: {f}"));
            await visit.Page.EvaluateAsync("document.documentElement.dataset.theme = 'dark'");
            faults.AddRange((await visit.AxeAsync(Visit.ColourRules)).Select(f => $"{name} at {width}, dark: {f}"));

            faults.AddRange((await visit.Page.EvaluateAsync<string[]>(Loose)).Select(f => $"{name} at {width}: {f}"));
            if (await visit.SidewaysAsync() is > 0 and var far)
            {
                faults.Add($"{name} scrolls sideways by {far} px at {width}");
            }
        }

        faults.AddRange(visit.Complaints.Where(c => !c.Contains("404", StringComparison.Ordinal)));
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
