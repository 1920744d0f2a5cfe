using System.Collections.Concurrent;
using System.Net;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Fakes;

/// <summary>
/// Answers a connector's requests from a function, in memory, and keeps what was asked. Like the real guard it refuses a
/// request that leaves the client's host.
/// </summary>
public sealed class ScriptedHttp(Func<HttpRequestMessage, HttpResponseMessage> answer) : IGuardedHttp
{
    /// <summary>Every request, in order: method, address, Authorization.</summary>
    public ConcurrentQueue<(string Method, Uri Address, string? Authorization)> Asked { get; } = [];

    public HttpClient CreateClient(Uri baseAddress) => new(new Handler(this, baseAddress)) { BaseAddress = baseAddress };

    public static HttpResponseMessage Json(string json, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };

    private sealed class Handler(ScriptedHttp http, Uri home) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Uri.Compare(request.RequestUri, home, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0)
            {
                throw new OutboundRefusedException($"A request left {home.IdnHost} for another host ({request.RequestUri!.IdnHost}); it was not sent.");
            }

            http.Asked.Enqueue((request.Method.Method, request.RequestUri!, request.Headers.Authorization?.ToString()));
            var response = http.Answer(request);
            response.RequestMessage = request;
            return Task.FromResult(response);
        }
    }

    private HttpResponseMessage Answer(HttpRequestMessage request) => answer(request);
}
