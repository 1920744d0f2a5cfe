using Microsoft.Playwright;

namespace NhiGovernance.BrowserTests;

/// <summary>
/// Takes a picture of every page and dialog for people to look at. Runs only when asked for (an explicit test):
/// <code>NHI_PICTURES=/tmp/pictures dotnet tests/NhiGovernance.BrowserTests/bin/Debug/net10.0/NhiGovernance.BrowserTests.dll --filter-class NhiGovernance.BrowserTests.Pictures --explicit only</code>
/// <c>NHI_PICTURES_ONLY</c> takes only those whose name contains it: <c>readme-identities-1280-light</c> is docs/images/identities.png.
/// </summary>
public sealed class Pictures(Product product)
{
    private static readonly string s_folder = Environment.GetEnvironmentVariable("NHI_PICTURES") ?? Path.Combine(Path.GetTempPath(), "nhi-pictures");
    private static readonly string? s_only = Environment.GetEnvironmentVariable("NHI_PICTURES_ONLY");

    [Fact(Explicit = true)]
    public async Task EveryPage_InBothThemesAndWidths()
    {
        Directory.CreateDirectory(s_folder);
        await using (var empty = await product.VisitAsync())
        {
            foreach (var route in new[] { "/", "/identities", "/credentials", "/sources", "/teams", "/services", "/environments" })
            {
                await TakeAsync(empty, route, $"empty{route.Replace('/', '-')}-1280-light");
            }
        }

        var company = new ExampleCompany(product);
        await company.MoveInAsync();
        var parts = await ExampleParts.OfAsync(company);
        foreach (var (theme, width) in new[] { ("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360) })
        {
            await using var visit = await product.VisitAsync(width, width == 360 ? 740 : 900, theme);
            foreach (var (name, path, act, _) in parts)
            {
                await TakeAsync(visit, path, $"{name}-{width}-{theme}", act);
            }
        }
    }

    private static async Task TakeAsync(Visit visit, string path, string name, Func<IPage, Task>? act = null)
    {
        if (s_only is not null && !name.Contains(s_only, StringComparison.Ordinal))
        {
            return;
        }

        try
        {
            await visit.GoAsync(path);
            if (act is not null)
            {
                await act(visit.Page);
            }

            await visit.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await visit.Page.WaitForTimeoutAsync(250);
        }
        catch (Exception error) when (error is PlaywrightException or TimeoutException)
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {error.Message}");
        }

        await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(s_folder, name + ".png"), FullPage = act is null });
    }
}
