using System.Reflection;
using Microsoft.AspNetCore.Components;
using NhiGovernance.Web.Shell;

namespace NhiGovernance.BrowserTests;

/// <summary>What holds on every page, found by its route: axe in both themes, no sideways scroll at 360 px, the content policy.</summary>
public sealed class EveryPageTests(Product product)
{
    /// <summary>Routes without parameters, as they are before the first source; with rows they are met by <see cref="EveryPartTests"/>.</summary>
    private static IReadOnlyList<string> Routes =>
    [
        .. from type in typeof(App).Assembly.GetTypes()
           from route in type.GetCustomAttributes<RouteAttribute>()
           where !route.Template.Contains('{', StringComparison.Ordinal)
           orderby route.Template
           select route.Template,
    ];

    /// <summary>Each loaded once: the whole by axe, then what the other theme can change, then its width on a phone.</summary>
    [Fact]
    public async Task Axe_OnEveryPageWithoutRows_FindsNothing()
    {
        await using var visit = await product.VisitAsync();
        var faults = new List<string>();
        foreach (var route in Routes)
        {
            await visit.Page.SetViewportSizeAsync(1280, 900);
            await visit.GoAsync(route);
            faults.AddRange((await visit.AxeAsync()).Select(f => $"light: {f}"));
            await visit.Page.EvaluateAsync("document.documentElement.dataset.theme = 'dark'");
            faults.AddRange((await visit.AxeColoursAsync()).Select(f => $"dark: {f}"));
            foreach (var width in (int[])[1280, 360])
            {
                await visit.Page.SetViewportSizeAsync(width, 740);
                if (await visit.SidewaysAsync() is > 0 and var far)
                {
                    faults.Add($"{route} scrolls sideways by {far} px at {width}");
                }
            }

            faults.AddRange((await visit.AxeColoursAsync()).Select(f => $"dark, 360: {f}"));
        }

        faults.AddRange(visit.Complaints);
        faults.ShouldBeEmpty();
        Routes.Count.ShouldBeGreaterThan(4);
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Axe_OnSignIn_FindsNothing(string theme)
    {
        await using var visit = await product.VisitAsync(360, theme: theme, signedIn: false);
        await visit.Page.GotoAsync("/identities");
        visit.Page.Url.ShouldContain("/sign-in");
        (await visit.AxeAsync()).ShouldBeEmpty();
        (await visit.SidewaysAsync()).ShouldBe(0);
        visit.Complaints.ShouldBeEmpty();
    }
}
