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
        var ids = paths.EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).Select(o => o.Value.GetProperty("operationId").GetString()).ToList();
        ids.Distinct().Count().ShouldBe(ids.Count);
        var tags = root.GetProperty("tags").EnumerateArray().ToDictionary(t => t.GetProperty("name").GetString()!, t => t.GetProperty("description").GetString()!);
        paths.EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).ShouldAllBe(o => tags.ContainsKey(o.Value.GetProperty("tags")[0].GetString()!));
    }

    [Fact]
    public async Task Document_EveryShape_HasTypesAllTheWayDown()
    {
        using var document = JsonDocument.Parse(await web.App.Client.GetStringAsync("/openapi/v1.json", Cancel));
        var shapes = document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject().ToList();
        shapes.Count.ShouldBeGreaterThan(50);
        var wrong = new List<string>();
        foreach (var shape in shapes)
        {
            Look(shape.Value, shape.Name, wrong);
        }

        wrong.ShouldBeEmpty();

        // From the code's own words, in the build that is tested and, by the same files, in the one that ships.
        document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Knowledge").GetProperty("description").GetString()!.ShouldContain("`NotExposed`");
    }

    /// <summary>What every field of its type says already is not what this field means.</summary>
    [Fact]
    public async Task Document_EveryField_HasWordsOfItsOwn()
    {
        string[] ofTypes = ["RFC 3339, UTC.", "A day, UTC.", "[days.]hh:mm:ss[.fraction]."];
        using var document = JsonDocument.Parse(await web.App.Client.GetStringAsync("/openapi/v1.json", Cancel));
        var fields = document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject()
            .SelectMany(s => s.Value.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(f => (Name: $"{s.Name}.{f.Name}", f.Value)).ToArray() : [])
            .Select(f => (f.Name, Says: f.Value.TryGetProperty("description", out var says) ? says.GetString()! : string.Empty))
            .Select(f => (f.Name, Says: ofTypes.Aggregate(f.Says, (text, type) => text.Replace(type, string.Empty, StringComparison.Ordinal)).Trim()))
            .ToList();

        fields.Count.ShouldBeGreaterThan(500);

        // The word of the filter, of the pages and of the CSV.
        fields.Select(f => f.Name).Where(n => n is "IdentityRow.state" or "CredentialRow.state" or "ResourceRow.state").Count().ShouldBe(3);
        var silent = fields.Where(f => f.Says.Length < 3).Select(f => f.Name).ToList();
        silent.ShouldBeEmpty($"{silent.Count} of {fields.Count} fields have no words");
        fields.Where(f => string.Equals(f.Says.TrimEnd('.').Replace(" ", string.Empty, StringComparison.Ordinal), f.Name.Split('.')[1], StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    private static void Look(JsonElement schema, string at, List<string> wrong)
    {
        if (schema.TryGetProperty("$ref", out _))
        {
            return;
        }

        var some = false;
        foreach (var each in schema.TryGetProperty("oneOf", out var choices) ? choices.EnumerateArray().ToArray() : [])
        {
            some = true;
            Look(each, at, wrong);
        }

        if (!some && !schema.TryGetProperty("type", out _))
        {
            wrong.Add(at + ": no type");
        }

        foreach (var field in schema.TryGetProperty("properties", out var fields) ? fields.EnumerateObject().ToArray() : [])
        {
            Look(field.Value, $"{at}.{field.Name}", wrong);
        }

        foreach (var inner in new[] { "items", "additionalProperties" })
        {
            if (schema.TryGetProperty(inner, out var element))
            {
                Look(element, $"{at}.{inner}", wrong);
            }
        }
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
        html.Split("<details class=\"op\"").Length.ShouldBeGreaterThan(Endpoints.OfTheApi(web.App).Count);
        html.ShouldContain("id=\"shape-IdentityRow\"");
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

        if (!operation.TryGetProperty("description", out var description) || description.GetString() is not { } words || words.Replace("Rights:", string.Empty, StringComparison.Ordinal).Length < 20 || words.StartsWith("Rights:", StringComparison.Ordinal))
        {
            yield return "no description";
        }

        foreach (var parameter in operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().ToArray() : [])
        {
            var name = parameter.GetProperty("name").GetString()!;
            if (!parameter.TryGetProperty("description", out var says) || says.GetString() is not { Length: > 5 })
            {
                yield return $"parameter {name} is not described";
            }

            if (!parameter.GetProperty("schema").TryGetProperty("type", out _) && !parameter.GetProperty("schema").TryGetProperty("$ref", out _))
            {
                yield return $"parameter {name} has no type";
            }
        }

        var responses = operation.GetProperty("responses");
        var successes = responses.EnumerateObject().Where(r => r.Name.StartsWith('2')).ToList();
        if (successes.Count == 0)
        {
            yield return "no success";
        }

        foreach (var success in successes)
        {
            // Only "done" and "taken" may say nothing more.
            var silent = !success.Value.TryGetProperty("content", out var content);
            if (silent ? success.Name is not ("204" or "202") : !content.EnumerateObject().All(c => c.Value.TryGetProperty("schema", out _)))
            {
                yield return $"{success.Name} has no shape";
            }

            if (success.Name == "201" && !success.Value.GetProperty("headers").TryGetProperty("Location", out _))
            {
                yield return "201 without Location";
            }
        }

        var refusals = endpoint switch
        {
            { IsAnonymous: true } => ["401", "413", "429", "500", "503"],
            { Method: "GET" } => ["400", "401", "403", "429", "500", "503"],
            { Method: "DELETE" } => ["400", "401", "403", "409", "429", "500", "503"],
            _ => new[] { "400", "401", "403", "409", "422", "429", "500", "503" },
        };
        var takesJson = operation.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out _) && !endpoint.IsAnonymous;
        foreach (var status in refusals.Concat(endpoint.Pattern.Contains('{') && !endpoint.IsAnonymous ? ["404"] : []).Concat(takesJson ? ["413"] : []))
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
