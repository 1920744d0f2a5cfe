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

    [Theory]
    [InlineData("light", 1280)]
    [InlineData("dark", 360)]
    public async Task Axe_OnEveryPageWithoutRows_FindsNothing(string theme, int width)
    {
        await using var visit = await product.VisitAsync(width, theme: theme);
        var faults = new List<string>();
        foreach (var route in Routes)
        {
            await visit.GoAsync(route);
            faults.AddRange(await visit.AxeAsync());
            if (await visit.SidewaysAsync() > 0)
            {
                faults.Add($"{route} scrolls sideways at {width} px");
            }
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
