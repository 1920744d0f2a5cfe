using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Access;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Samples;

namespace NhiGovernance.Tests.Access;

/// <summary>A browser's view of the application: cookies, forms and their tokens; it follows no redirect.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient _client;

    public Browser(Uri address)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies };
        _client = new HttpClient(handler) { BaseAddress = address };
    }

    public CookieContainer Cookies { get; } = new();

    public void Dispose() => _client.Dispose();

    public Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(path, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _client.SendAsync(request, TestContext.Current.CancellationToken);

    /// <summary>Loads the form's page, and posts the fields with the form's token.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var page = await GetAsync(path);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return await PostRawAsync(path, [.. fields, ("__RequestVerificationToken", TokenIn().Match(html).Groups[1].Value)]);
    }

    public Task<HttpResponseMessage> PostRawAsync(string path, params (string Name, string Value)[] fields) =>
        _client.PostAsync(path, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))), TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> SignInAsync(string email, string password = AccessSamples.Password) =>
        PostAsync("/sign-in", ("email", email), ("password", password));

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex TokenIn();
}

/// <summary>The application on a database of its own, for all tests of a class.</summary>
public sealed class WebFixture(PostgresServer server) : IAsyncLifetime
{
    public TestDatabase Database { get; } = new(server);

    public TestApplication App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();
        App = await WebAccess.StartAsync(Database);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Database.DisposeAsync();
    }
}

internal static class WebAccess
{
    /// <summary>Fast hashes and no waiting: what is tested is not how slow they are.</summary>
    public static readonly Dictionary<string, string?> Settings = new()
    {
        ["Access:PasswordIterations"] = "1000",
        ["Access:RefusalMilliseconds"] = "0",
        ["Access:SignInsPerMinute"] = "100000",
    };

    public static Task<TestApplication> StartAsync(TestDatabase database, params (string Key, string Value)[] more) =>
        TestApplication.StartAsync(database, settings: Settings.Concat(more.Select(m => KeyValuePair.Create(m.Key, (string?)m.Value)))
            .GroupBy(s => s.Key).ToDictionary(g => g.Key, g => g.Last().Value));

    public static async Task<Account> AccountAsync(this TestApplication app, string email, Role roles)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await using var db = await scope.ServiceProvider.GetRequiredService<IDbContextFactory<GovernanceDb>>().CreateDbContextAsync();
        return await AccessSamples.AccountAsync(scope.ServiceProvider, db, email, Ids.New(TimeProvider.System), roles);
    }

    /// <summary>Runs a use case as the system.</summary>
    public static async Task<TResult> RunAsync<TUseCase, TResult>(this TestApplication app, Func<TUseCase, Task<NhiGovernance.Common.Result<TResult>>> run)
        where TUseCase : notnull
    {
        await using var scope = app.Services.CreateSystemScope("test");
        return (await run(scope.ServiceProvider.GetRequiredService<TUseCase>())).Value;
    }

    public static Task<NewApiToken> TokenAsync(this TestApplication app, params string[] scopes) =>
        app.RunAsync<CreateApiToken, NewApiToken>(c => c.RunAsync(new CreateApiTokenRequest("test", scopes)));
}
