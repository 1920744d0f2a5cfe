using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using NhiGovernance.Access;
using NhiGovernance.Tests.Access;

namespace NhiGovernance.Tests.Hosting.Api;

/// <summary>Bad input at every address that is mapped: never a 5xx, and where the input is at fault a 400 that names the field.</summary>
public sealed class BadInputTests(WebFixture web) : IClassFixture<WebFixture>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly string[] Bodies = ["", "null", "[]", "\"text\"", "7", "{", "{}", "[null]", "{\"\":null}", "\"\\u0000\"", "{\"\\u0000\":1}", "{\"name\":\"\\ud800\"}"];

    [Fact]
    public async Task EveryEndpoint_EveryBadBody_IsNeverAFaultOfOurs()
    {
        var token = await web.App.TokenAsync([.. TokenScopes.Known]);
        var wrong = new List<string>();
        var asked = 0;
        foreach (var endpoint in Endpoints.OfTheApi(web.App).Where(e => e.Method != "GET"))
        {
            var bodies = Bodies.Concat(PropertyBodies(endpoint));
            foreach (var body in bodies)
            {
                using var answer = await SendAsync(token, endpoint.Method, endpoint.Path(), body);
                asked++;
                if ((int)answer.StatusCode >= 500)
                {
                    wrong.Add($"{endpoint.Method} {endpoint.Pattern} {body}: {(int)answer.StatusCode}");
                }
                else if (TakesJson(endpoint) && body is "null" or "[]" or "{" or "7" && endpoint.Route.Metadata.GetMetadata<IAcceptsMetadata>() is { IsOptional: false })
                {
                    await ShouldNameAFieldAsync(answer, $"{endpoint.Method} {endpoint.Pattern} {body}", wrong);
                }
            }
        }

        asked.ShouldBeGreaterThan(500);
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryEndpoint_NulInAnyQueryParameterAndRoute_IsA400ThatNamesIt()
    {
        var token = await web.App.TokenAsync([.. TokenScopes.Known]);
        using var document = JsonDocument.Parse(await web.App.Client.GetStringAsync("/openapi/v1.json", Cancel));
        var wrong = new List<string>();
        var asked = 0;
        foreach (var endpoint in Endpoints.OfTheApi(web.App).Where(e => !e.IsAnonymous))
        {
            foreach (var parameter in QueryOf(document, endpoint).Append("q").Append("anything"))
            {
                using var nul = await SendAsync(token, endpoint.Method, $"{endpoint.Path()}?{Uri.EscapeDataString(parameter)}=a%00b", null);
                await ShouldNameAFieldAsync(nul, $"{endpoint.Method} {endpoint.Pattern}?{parameter}=NUL", wrong, parameter);
                foreach (var value in new[] { "", "%F0%28%8C%28", "not-a-value", "-1", "99999999999999999999", "%25", "'%3B--" })
                {
                    using var odd = await SendAsync(token, endpoint.Method, $"{endpoint.Path()}?{Uri.EscapeDataString(parameter)}={value}", null);
                    asked++;
                    if ((int)odd.StatusCode >= 500)
                    {
                        wrong.Add($"{endpoint.Method} {endpoint.Pattern}?{parameter}={value}: {(int)odd.StatusCode}");
                    }
                }
            }

            using var route = await SendAsync(token, endpoint.Method, endpoint.Path("a%00b"), null);
            using var control = await SendAsync(token, endpoint.Method, endpoint.Path("a%01%7F%C2%85b"), null);
            foreach (var answer in new[] { route, control }.Where(a => (int)a.StatusCode >= 500))
            {
                wrong.Add($"{endpoint.Method} {endpoint.Pattern} odd route: {(int)answer.StatusCode}");
            }
        }

        asked.ShouldBeGreaterThan(500);
        wrong.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{\"key\":\"a-team\",\"name\":null}", "name")]
    [InlineData("{\"key\":\"a-team\",\"name\":\"a\\u0000b\"}", "name")]
    [InlineData("{\"key\":\"a-team\",\"name\":[]}", "name")]
    [InlineData("{\"name\":\"A team\"}", "key")]
    public async Task Body_OneBadField_IsNamed(string body, string field)
    {
        using var answer = await SendAsync(await web.App.TokenAsync("teams:write"), "POST", "/api/v1/teams", body);
        var wrong = new List<string>();
        await ShouldNameAFieldAsync(answer, body, wrong, field);
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task SignIn_NulInTheForm_IsA400ThatNamesTheField()
    {
        using var browser = new Browser(web.App.Address);
        using var answer = await browser.PostAsync("/sign-in", ("email", "a\0b@acme.test"), ("password", "x"));
        var wrong = new List<string>();
        await ShouldNameAFieldAsync(answer, "sign-in", wrong, "email");
        using var page = await browser.GetAsync("/sign-in?returnUrl=%00");
        await ShouldNameAFieldAsync(page, "sign-in page", wrong, "returnUrl");
        wrong.ShouldBeEmpty();
    }

    /// <summary>For each property of the body: null, NUL, and another type, the others made up.</summary>
    private static IEnumerable<string> PropertyBodies(MappedEndpoint endpoint)
    {
        if (endpoint.Route.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is not { } type || !TakesJson(endpoint))
        {
            return [];
        }

        var names = type.GetProperties().Where(p => p.GetIndexParameters().Length == 0).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).ToList();
        JsonNode? Other() => JsonValue.Create("other");
        return names.SelectMany(bad => new Func<JsonNode?>[]
        {
            () => null, () => JsonValue.Create("a\0b"), () => new JsonArray(), () => new JsonArray((JsonNode?)null), () => new JsonObject(), () => JsonValue.Create(-1),
            () => JsonValue.Create(1e300), () => new JsonObject { ["a"] = null }, () => JsonValue.Create(new string('x', 100_000)),
        }.Select(make => new JsonObject(names.Select(n => KeyValuePair.Create(n, n == bad ? make() : Other()))).ToJsonString()));
    }

    private static bool TakesJson(MappedEndpoint endpoint) =>
        endpoint.Route.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains("application/json") == true;

    private static List<string> QueryOf(JsonDocument document, MappedEndpoint endpoint)
    {
        var path = System.Text.RegularExpressions.Regex.Replace(endpoint.Pattern, @"\{(\w+)(?::[^}]*)?\}", "{$1}", System.Text.RegularExpressions.RegexOptions.NonBacktracking);
        return document.RootElement.GetProperty("paths").GetProperty(path).GetProperty(endpoint.Method.ToLowerInvariant()).TryGetProperty("parameters", out var all)
            ? [.. all.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query").Select(p => p.GetProperty("name").GetString()!)]
            : [];
    }

    private static async Task ShouldNameAFieldAsync(HttpResponseMessage answer, string what, List<string> wrong, string? field = null)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        if (answer.StatusCode != HttpStatusCode.BadRequest || answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            wrong.Add($"{what}: {(int)answer.StatusCode} {answer.Content.Headers.ContentType?.MediaType}");
            return;
        }

        using var problem = JsonDocument.Parse(text);
        if (!problem.RootElement.TryGetProperty("errors", out var errors) || (field is not null && !errors.EnumerateObject().Any(e => string.Equals(e.Name, field, StringComparison.OrdinalIgnoreCase))))
        {
            wrong.Add($"{what}: names {(problem.RootElement.TryGetProperty("errors", out var other) ? other.GetRawText() : "nothing")}");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(NewApiToken token, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return await web.App.Client.SendAsync(request, Cancel);
    }
}
