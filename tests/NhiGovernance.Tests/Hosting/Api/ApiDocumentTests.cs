using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using NhiGovernance.Access;
using NhiGovernance.Tests.Access;

namespace NhiGovernance.Tests.Hosting.Api;

/// <summary>The document says what is mapped: all of it, with who may, and with its refusals.</summary>
public sealed partial class ApiDocumentTests(WebFixture web) : IClassFixture<WebFixture>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_EveryMappedEndpoint_IsThereWithSummaryScopeAndRefusals()
    {
        using var document = JsonDocument.Parse(await web.App.Client.GetStringAsync("/openapi/v1.json", Cancel));
        var root = document.RootElement;
        root.GetProperty("openapi").GetString()!.ShouldStartWith("3.");
        root.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("scheme").GetString().ShouldBe("bearer");
        var paths = root.GetProperty("paths");
        var mapped = Endpoints.OfTheApi(web.App);
        mapped.Count.ShouldBeGreaterThan(50);
        var wrong = new List<string>();
        foreach (var endpoint in mapped)
        {
            var path = Constraint().Replace(endpoint.Pattern, "{$1}");
            if (!paths.TryGetProperty(path, out var item) || !item.TryGetProperty(endpoint.Method.ToLowerInvariant(), out var operation))
            {
                wrong.Add($"{endpoint.Method} {path}: not in the document");
                continue;
            }

            wrong.AddRange(Faults(endpoint, operation).Select(f => $"{endpoint.Method} {path}: {f}"));
        }

        wrong.ShouldBeEmpty();
        paths.EnumerateObject().ShouldAllBe(p => p.Name.StartsWith("/api/v1/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Document_EveryReference_LeadsSomewhere()
    {
        var text = await web.App.Client.GetStringAsync("/openapi/v1.json", Cancel);
        using var document = JsonDocument.Parse(text);
        var references = Reference().Matches(text).Select(m => m.Groups[1].Value).Distinct().ToList();
        references.ShouldNotBeEmpty();
        foreach (var reference in references)
        {
            var at = document.RootElement;
            foreach (var part in reference.Split('/'))
            {
                at.TryGetProperty(part, out at).ShouldBeTrue(reference);
            }
        }
    }

    [Fact]
    public async Task Page_ForEyes_ListsEveryOperationWithoutScript()
    {
        using var answer = await web.App.Client.GetAsync("/api", Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self'");
        var html = await answer.Content.ReadAsStringAsync(Cancel);
        html.Length.ShouldBeGreaterThan(10_000, html);
        html.ShouldNotContain("<script");
        html.ShouldNotContain(" style=");
        html.Split("<details").Length.ShouldBe(Endpoints.OfTheApi(web.App).Count + 1);
        html.ShouldContain("identities:read");
        html.ShouldContain("curl -X POST");
        (await web.App.Client.GetAsync("/css/api.css", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static IEnumerable<string> Faults(MappedEndpoint endpoint, JsonElement operation)
    {
        if (!operation.TryGetProperty("summary", out var summary) || summary.GetString() is not { Length: > 3 })
        {
            yield return "no summary";
        }

        if (!endpoint.IsAnonymous)
        {
            var scope = operation.TryGetProperty("x-scope", out var s) ? s.GetString() : null;
            if (scope is null || (scope != "person" && !TokenScopes.Known.Contains(scope)))
            {
                yield return $"scope {scope ?? "missing"}";
            }

            if (!operation.TryGetProperty("security", out var security) || !security[0].TryGetProperty("bearer", out _))
            {
                yield return "no bearer";
            }
        }

        var responses = operation.GetProperty("responses");
        string[] needed = endpoint.Method == "GET" ? ["400", "401", "403", "429"] : ["400", "401", "403", "409", "413", "422", "429"];
        foreach (var status in endpoint.Pattern.Contains('{') ? [.. needed, "404"] : needed)
        {
            if (!responses.TryGetProperty(status, out var refusal) || !refusal.GetProperty("content").TryGetProperty("application/problem+json", out _))
            {
                yield return $"no {status}";
            }
        }
    }

    [GeneratedRegex(@"\{(\w+)(?::[^}]*)?\}", RegexOptions.NonBacktracking)]
    private static partial Regex Constraint();

    [GeneratedRegex("\"\\$ref\": ?\"#/([^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Reference();
}
