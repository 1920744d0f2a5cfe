using Microsoft.AspNetCore.Builder;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Tests.Fixtures;

/// <summary>
/// The whole product on a test's database, listening on a free port of this machine; for tests of the HTTP API.
/// <code>await using var app = await TestApplication.StartAsync(database);</code>
/// </summary>
public sealed class TestApplication : IAsyncDisposable
{
    private readonly NhiApplication _application;
    private readonly string _data;

    private TestApplication(NhiApplication application, string data)
    {
        (_application, _data) = (application, data);
        Client = new HttpClient(new DocumentedAnswers(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })) { BaseAddress = application.Address };
    }

    /// <summary>Follows no redirect and keeps no cookie; an answer that the API's document does not know fails the test.</summary>
    public HttpClient Client { get; }

    public Uri Address => _application.Address;

    public IServiceProvider Services => _application.Services;

    /// <param name="roles">No worker, unless a test asks: a job that wakes up would change what the test looks at.</param>
    public static async Task<TestApplication> StartAsync(
        TestDatabase database, Action<WebApplicationBuilder>? configure = null, string roles = "web",
        IReadOnlyDictionary<string, string?>? settings = null)
    {
        var data = Directory.CreateTempSubdirectory("nhi-app-").FullName;
        string[] args =
        [
            "--Urls=http://127.0.0.1:0", $"--Data={data}", $"--Roles={roles}", "--Database:MigrateOnStart=false",
            "--Logging:LogLevel:Default=Warning", $"--Keys:Folder={database.KeyFolder}",
            $"--ConnectionStrings:NhiGovernance={database.Connection.Serving}",
            $"--ConnectionStrings:NhiGovernanceOwner={database.Connection.Owner}",
            .. (settings ?? new Dictionary<string, string?>()).Select(s => $"--{s.Key}={s.Value}"),
        ];
        return new TestApplication(await NhiApplication.StartAsync(args, configure, TestContext.Current.CancellationToken), data);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
