using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NhiGovernance.BrowserTests;

/// <summary>A GitHub Enterprise Server with one organization and one repository, whose lists a test holds back and lets go.</summary>
public sealed class HeldGitHub : IAsyncDisposable
{
    public const string Hooks = "/api/v3/orgs/acme/hooks";
    public const string Keys = "/api/v3/repos/acme/ledger/keys";

    private const string Repository =
        """{"id":7,"name":"ledger","full_name":"acme/ledger","owner":{"login":"acme"},"default_branch":"main","private":true}""";

    private static readonly Dictionary<string, string> Answers = new(StringComparer.Ordinal)
    {
        ["/api/v3/orgs/acme"] = """{"id":1,"login":"acme"}""",
        ["/api/v3/orgs/acme/repos"] = $"[{Repository}]",
        ["/api/v3/repos/acme/ledger"] = Repository,
        [Hooks] = "[]",
        [Keys] = """
            [{"id":1,"key":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl","title":"mirror of the ledger",
              "verified":true,"created_at":"2024-03-02T10:00:00Z","read_only":false,"added_by":"priya","enabled":true}]
            """,
    };

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new(StringComparer.Ordinal);
    private readonly WebApplication _server;

    private HeldGitHub(WebApplication server) => _server = server;

    public string Address => _server.Urls.First();

    public static async Task<HeldGitHub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var github = new HeldGitHub(builder.Build());
        github._server.Run(github.AnswerAsync);
        await github._server.StartAsync();
        return github;
    }

    /// <summary>From now on nobody gets this list.</summary>
    public void Hold(string path) => _held[path] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release(string path)
    {
        if (_held.TryRemove(path, out var gate))
        {
            gate.SetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var path in _held.Keys)
        {
            Release(path);
        }

        await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        if (_held.TryGetValue(path, out var gate))
        {
            await gate.Task.WaitAsync(http.RequestAborted);
        }

        http.Response.ContentType = "application/json";
        http.Response.StatusCode = Answers.ContainsKey(path) ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
        await http.Response.WriteAsync(Answers.GetValueOrDefault(path, """{"message":"Not Found"}"""), http.RequestAborted);
    }
}
