using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NhiGovernance.Access;
using NhiGovernance.BrowserTests;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Web.Hosting;
using Npgsql;

[assembly: AssemblyFixture(typeof(Product))]
// Journeys go one after the other, because some of them stop the product that they share; what only looks has a product of its own, beside them.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly, MaxParallelThreads = 2)]

namespace NhiGovernance.BrowserTests;

/// <summary>
/// The whole product as a person meets it: the real host on a free port with an embedded database of its own, and Chromium.
/// One for the run; journeys bring their own browser contexts.
/// </summary>
public sealed class Product : IAsyncLifetime
{
    public const string Email = "alba.reyes@example.org";
    public const string Password = "four plain words of hers";

    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nhi-browser-");
    private NhiApplication? _application;
    private HeldGitHub? _github;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _session;

    public string Address => _application!.Address.ToString().TrimEnd('/');

    public IServiceProvider Services => _application!.Services;

    public DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>A GitHub that sources may read from, at a test's pace.</summary>
    public HeldGitHub GitHub => _github!;

    /// <summary>A folder that sources may read from.</summary>
    public string Files { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Files = _folder.CreateSubdirectory("files").FullName;
        _github = await HeldGitHub.StartAsync();
        _application = await StartAsync("http://127.0.0.1:0");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("NHI_CHROMIUM") ?? "/usr/bin/chromium",
            Args = Flags,
        });
    }

    /// <summary>Stops the host and starts it again at the same address on the same data: every open page loses its circuit.</summary>
    public async Task RestartAsync()
    {
        var address = Address;
        await _application!.DisposeAsync();

        // A restart is another process; this one still holds connections to the server that was stopped.
        NpgsqlConnection.ClearAllPools();
        _application = await StartAsync(address);
    }

    private Task<NhiApplication> StartAsync(string address) => NhiApplication.StartAsync(
        [
            $"--Urls={address}", $"--Data={Path.Combine(_folder.FullName, "data")}", "--Logging:LogLevel:Default=Warning",
            $"--Sources:AllowPrivateHosts:0={new Uri(GitHub.Address).Authority}", $"--Sources:AllowHttpHosts:0={new Uri(GitHub.Address).Authority}",
            $"--Sources:FileRoots:0={Files}", $"--Sources:GitLocalRoots:0={Files}", "--Access:RefusalMilliseconds=1",
        ]);

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        if (_github is not null)
        {
            await _github.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>The path of a new one-time link, as the command line of the machine makes it.</summary>
    public async Task<string> NewAdminLinkAsync()
    {
        await using var scope = Services.CreateSystemScope("command line");
        var link = await scope.ServiceProvider.GetRequiredService<CreateAdminLink>().RunAsync(new CreateAdminLinkRequest());
        return link.IsOk ? link.Value.Path : throw new InvalidOperationException(link.Error.Message);
    }

    /// <summary>A page of a fresh browser, nobody signed in. Violations of the content security policy are noted.</summary>
    public async Task<Visit> VisitAsync(int width = 1280, int height = 900, string theme = "light", bool signedIn = true)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = Address,
            ViewportSize = new() { Width = width, Height = height },
            TimezoneId = "Europe/Paris",
            ReducedMotion = ReducedMotion.Reduce,
            StorageState = signedIn ? await SessionAsync() : null,
        });
        await context.AddCookiesAsync([new() { Name = "nhi-theme", Value = theme, Url = Address }]);
        // How long a wait may take before it fails, not how long anything should: a machine with other work is no fault of a page.
        context.SetDefaultTimeout(45_000);
        return new Visit(await context.NewPageAsync());
    }

    /// <summary>A page whose session is nobody else's, for tests that end it.</summary>
    public async Task<Visit> SignInAsync()
    {
        await SessionAsync();
        var visit = await VisitAsync(signedIn: false);
        await visit.Page.GotoAsync("/sign-in");
        await visit.Page.Locator("input[name=email]").FillAsync(Email);
        await visit.Page.Locator("input[name=password]").FillAsync(Password);
        await visit.Page.Locator("button[type=submit]").ClickAsync();
        await visit.ReadyAsync();
        return visit;
    }

    /// <summary>Signs in once for the run; the first time it makes the first account.</summary>
    private async Task<string> SessionAsync()
    {
        if (_session is null)
        {
            await using var visit = await VisitAsync(signedIn: false);
            await visit.MakeAccountAsync(await NewAdminLinkAsync(), "Alba Reyes", Email);
            _session = await visit.Page.Context.StorageStateAsync();
        }

        return _session;
    }
}
