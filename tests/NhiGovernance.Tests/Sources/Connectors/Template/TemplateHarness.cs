using System.Net;
using NhiGovernance.Sources.Connectors.Template;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fakes;

namespace NhiGovernance.Tests.Sources.Connectors.Template;

/// <summary>Two pages of keys behind a token.</summary>
public sealed class TemplateHarness : IConnectorHarness
{
    public string Key => "template";

    public static SourceSettings Settings { get; } = new(new Dictionary<string, string>
    {
        ["url"] = "https://keys.example.com",
        ["account"] = "acme",
    });

    public Task<ConnectorCase> StartAsync(IServiceProvider services, Func<string, string> secret, CancellationToken cancellationToken) =>
        Task.FromResult(new ConnectorCase(new TemplateConnector(), Settings, ["token"], Server($"Bearer {secret("token")}")));

    public static ScriptedHttp Server(string authorization) => new(request =>
    {
        if (request.Headers.Authorization?.ToString() != authorization)
        {
            return new HttpResponseMessage(HttpStatusCode.Unauthorized);
        }

        return ScriptedHttp.Json(request.RequestUri!.Query == "?page=1" ? Page(1, last: false) : Page(2, last: true));
    });

    public static string Page(int number, bool last) => $$"""
        { "keys": [ { "id": "key-{{number}}", "name": "Key {{number}}", "owner": "owner-{{number}}", "ownerName": "Owner {{number}}",
          "canWrite": true, "createdAt": "2026-01-02T03:04:05Z", "lastUsedAt": null } ], "last": {{(last ? "true" : "false")}} }
        """;
}
