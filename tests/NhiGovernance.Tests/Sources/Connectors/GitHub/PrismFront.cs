using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>
/// Passes requests below <c>/api/v3</c> on to Prism's root, and its answers back as they are: bodies always; next pages, which the
/// description's example names on api.github.com, only when asked for.
/// </summary>
internal sealed class PrismFront : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HttpClient _prism;

    private readonly bool _links;

    private PrismFront(WebApplication server, HttpClient prism, bool links) => (_server, _prism, _links) = (server, prism, links);

    public string Address => _server.Urls.Single();

    public static async Task<PrismFront> StartAsync(int port, bool links)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var front = new PrismFront(app, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") }, links);
        app.Run(front.PassAsync);
        await app.StartAsync();
        return front;
    }

    public async ValueTask DisposeAsync()
    {
        _prism.Dispose();
        await _server.DisposeAsync();
    }

    private async Task PassAsync(HttpContext http)
    {
        if (http.Request.Path.Value!.EndsWith("/access_tokens", StringComparison.Ordinal))
        {
            // The example's token ended years ago.
            await ScriptedGitHub.WriteAsync(http, 201, """{"token":"ghs_prism","expires_at":"2099-01-01T00:00:00Z","permissions":{"metadata":"read"}}""");
            return;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{http.Request.Path.Value!.Replace("/api/v3/", string.Empty, StringComparison.Ordinal)}{http.Request.QueryString}");
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer x");
        using var answer = await _prism.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        if (_links && answer.Headers.TryGetValues("Link", out var links))
        {
            http.Response.Headers.Link = links.ToArray();
        }

        // The examples' repositories belong to octocat, and their organization is called github.
        var body = await answer.Content.ReadAsStringAsync(http.RequestAborted);
        var isOrganization = http.Request.Path.Value.Split('/') is [.., "orgs", _];
        await http.Response.WriteAsync(isOrganization ? body.Replace("\"github\"", "\"octocat\"", StringComparison.Ordinal) : body, http.RequestAborted);
    }
}
