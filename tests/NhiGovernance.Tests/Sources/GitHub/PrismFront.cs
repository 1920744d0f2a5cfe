using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NhiGovernance.Tests.Sources.GitHub;

/// <summary>Passes requests below <c>/api/v3</c> on to Prism's root, and its answers back as they are.</summary>
internal sealed class PrismFront : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HttpClient _prism;

    private PrismFront(WebApplication server, HttpClient prism) => (_server, _prism) = (server, prism);

    public string Address => _server.Urls.Single();

    public static async Task<PrismFront> StartAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var front = new PrismFront(app, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") });
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
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{http.Request.Path.Value!.Replace("/api/v3/", string.Empty, StringComparison.Ordinal)}{http.Request.QueryString}");
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer x");
        using var answer = await _prism.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        if (answer.Headers.TryGetValues("Link", out var links))
        {
            http.Response.Headers.Link = links.ToArray();
        }

        await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}
