using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NhiGovernance.Access;
using NhiGovernance.Catalogue;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Access;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Inventory;
using NhiGovernance.Tests.Samples;

namespace NhiGovernance.Tests.Hosting.Api;

/// <summary>
/// Every endpoint that is mapped is called so that it succeeds: what it takes comes from the use case's sample, or from rows that are
/// there; and the status, the headers and every field of what it answers are those of /openapi/v1.json.
/// </summary>
public sealed class ApiAnswerTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly TestDatabase _database = new(server);
    private readonly Dictionary<string, string> _rows = [];
    private TestApplication _app = null!;
    private TestEngine _engine = null!;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _app = await WebAccess.StartAsync(_database);
        _engine = _database.CreateEngine(services =>
        {
            foreach (var slice in SampleSet.Slices)
            {
                slice.AddServices(services);
            }
        });
        await FurnishAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task EveryEndpoint_ThatSucceeds_AnswersAsDocumented()
    {
        var contract = new ApiContract(JsonDocument.Parse(await _app.Client.GetStringAsync("/openapi/v1.json", Cancel)));
        var token = await _app.TokenAsync([.. TokenScopes.Known]);
        var wrong = new List<string>();
        var endpoints = Endpoints.OfTheApi(_app).Where(e => !e.IsAnonymous).ToList();
        foreach (var endpoint in endpoints)
        {
            using var request = await RequestAsync(endpoint);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
            var what = $"{endpoint.Method} {endpoint.Pattern}";
            try
            {
                using var answer = await _app.Client.SendAsync(request, Cancel);
                var body = await answer.Content.ReadAsStringAsync(Cancel);
                if (!answer.IsSuccessStatusCode)
                {
                    wrong.Add($"{what}: {(int)answer.StatusCode} {body}");
                    continue;
                }

                var operation = contract.Find(endpoint.Method, request.RequestUri!.AbsolutePath)!.Value;
                wrong.AddRange(contract.Faults(operation, (int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, body).Select(f => $"{what}: {f}"));
                var headers = operation.GetProperty("responses").GetProperty($"{(int)answer.StatusCode}").TryGetProperty("headers", out var all) && all.TryGetProperty("Location", out _);
                if (headers != answer.Headers.Location is not null)
                {
                    wrong.Add($"{what}: Location is {answer.Headers.Location?.ToString() ?? "missing"}");
                }
            }
            catch (ShouldAssertException fault)
            {
                wrong.Add($"{what}: {fault.Message}");
            }
        }

        endpoints.Count.ShouldBeGreaterThan(60);
        string.Join('\n', wrong).ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryLine_OfTheAuditExport_HasTheShapeThatIsNamed()
    {
        var contract = new ApiContract(JsonDocument.Parse(await _app.Client.GetStringAsync("/openapi/v1.json", Cancel)));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/audit/export");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await _app.TokenAsync("audit:read")).Text);
        using var answer = await _app.Client.SendAsync(request, Cancel);
        var lines = (await answer.Content.ReadAsStringAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldNotBeEmpty();
        var faults = new List<string>();
        foreach (var line in lines)
        {
            using var entry = JsonDocument.Parse(line);
            contract.Walk(contract.Root.GetProperty("components").GetProperty("schemas").GetProperty("AuditLine"), entry.RootElement, "$", faults);
        }

        faults.ShouldBeEmpty();
    }

    /// <summary>One of each that a path can name.</summary>
    private async Task FurnishAsync()
    {
        var stage = await Stage.OpenAsync(_database, _engine);
        await stage.RunAsync(
        [
            Stage.Identity("key", "Key") with { LastUsedAt = KnownValue.Of(_engine.Clock.GetUtcNow()), Grants = [new("push", "acme/ledger", true)] },
            Stage.Credential("cred", "key", "SHA256:1") with { ExpiresAt = KnownValue.Denied("admin:org") },
            new ResourceObservation("branch", ResourceKind.BranchProtection, "protection of acme/ledger@main", new("repository", "acme/ledger"))
            {
                Facts = new Dictionary<string, KnownValue> { ["source"] = KnownValue.Of("classic"), ["protected"] = KnownValue.Of(false), ["mayPush"] = KnownValue.Denied("Administration: read") },
            },
        ]);
        await using var db = await _database.Contexts.CreateDbContextAsync(Cancel);
        var samples = new SampleContext(_engine, db);
        samples.Save(new Team { Id = _engine.NewId(), Key = "t", Name = "T" });
        samples.Save(new Product { Id = _engine.NewId(), Key = "p", Name = "P" });
        samples.Save(new Service { Id = _engine.NewId(), Key = "s", Name = "S", TeamId = db.Set<Team>().Single(t => t.Key == "t").Id });
        samples.Save(new ReleaseEnvironment { Id = _engine.NewId(), Key = "e", Name = "E", Kind = EnvironmentKind.Production, Tier = EnvironmentTier.Tier1, DataClass = DataClass.Internal });
        db.Add(new MappingRule { Id = _engine.NewId(), ServiceId = db.Set<Service>().Single(s => s.Key == "s").Id, PlaceKind = "repository", Pattern = "acme/*" });
        await db.SaveChangesAsync(Cancel);
        _rows["teams"] = "t";
        _rows["products"] = "p";
        _rows["services"] = "s";
        _rows["environments"] = "e";
        _rows["people"] = samples.Save(new Person { Id = _engine.NewId(), Name = "Ada", Email = "ada@acme.test" }).Id.ToString();
        _rows["identities"] = (await db.Set<Identity>().SingleAsync(i => i.NaturalKey == "key", Cancel)).Id.ToString();
        _rows["resources"] = (await db.Set<Resource>().SingleAsync(r => r.NaturalKey == "branch", Cancel)).Id.ToString();
        _rows["credentials"] = (await db.Set<Credential>().SingleAsync(Cancel)).Id.ToString();
        _rows["sources"] = stage.SourceId.ToString();
        _rows["runs"] = stage.LastRunId.ToString();
        _rows["jobs"] = "prune-runs";
        _rows["documents"] = samples.Save(new Source
        {
            Id = _engine.NewId(), ConnectorKey = "file", Name = "Files", Settings = """{"from":"upload"}""", Host = string.Empty, CreatedAt = _engine.Clock.GetUtcNow(),
        }).Id.ToString();
    }

    private async Task<HttpRequestMessage> RequestAsync(MappedEndpoint endpoint)
    {
        var useCase = endpoint.Route.Metadata.OfType<MethodInfo>().SelectMany(m => m.GetParameters()).Select(p => p.ParameterType).FirstOrDefault(typeof(IUseCase).IsAssignableFrom);
        object? sample = null;
        if (useCase is not null && endpoint.Method != "GET" && SampleSet.All.Find(useCase) is { } prepare)
        {
            _engine.Actor.Be(Role.Anyone);
            await using var db = await _database.Contexts.CreateDbContextAsync(Cancel);
            sample = await prepare(new SampleContext(_engine, db));
        }

        var segments = endpoint.Pattern["/api/v1/".Length..].Split('/');
        var path = string.Join('/', segments.Select((s, i) => s.StartsWith('{') ? Uri.EscapeDataString(Fill(s[1..].Split(':', '}')[0], segments, i, sample)) : s));
        var query = endpoint is { Method: "DELETE" } && Value(sample, "version") is { } version ? $"?version={version}" : string.Empty;
        var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), $"/api/v1/{path}{query}");
        if (endpoint.Route.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } type)
        {
            request.Content = new StringContent(Body(type, sample, endpoint), Encoding.UTF8, "application/json");
        }
        else if (endpoint.Method == "PUT")
        {
            request.Content = new StringContent("name,email\nAda,ada2@acme.test\n", Encoding.UTF8, "text/csv");
        }

        return request;
    }

    private string Fill(string name, string[] segments, int at, object? sample)
    {
        if (name == "name")
        {
            return "people.csv";
        }

        if (segments.Contains("documents"))
        {
            return _rows["documents"];
        }

        // Its sample is of a service.
        if (segments is ["environments", .., "preview"])
        {
            return _rows["environments"];
        }

        // The sample's own row, by the name of what the path names; a request that is only a key is that key.
        string[] names = segments[at - 1] == "runs" ? ["RunId"] : at > 2 ? [name] : [name, "SourceId", "PersonId"];
        return sample switch
        {
            string key when name == "key" => key,
            not null when names.Select(n => Value(sample, n)).FirstOrDefault(v => v is not null) is { } own => own.ToString()!,
            _ => _rows[segments[at - 1]],
        };
    }

    /// <summary>The body by its fields' names, from the sample's; what the sample lacks stays out, when it may.</summary>
    private string Body(Type type, object? sample, MappedEndpoint endpoint)
    {
        var json = _app.Services.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;
        if (sample?.GetType() == type)
        {
            return JsonSerializer.Serialize(sample, json);
        }

        if (endpoint.Pattern.EndsWith("/test", StringComparison.Ordinal))
        {
            return """{"connector":"file","settings":{"from":"upload"}}""";
        }

        var body = new JsonObject();
        foreach (var property in type.GetProperties())
        {
            var value = Value(sample, property.Name) ?? (property.Name == "Ids" ? Value(Value(sample, "Selection"), "Ids") : null);
            if (value is not null)
            {
                body[JsonNamingPolicy.CamelCase.ConvertName(property.Name)] = JsonSerializer.SerializeToNode(value, json);
            }
        }

        return body.ToJsonString();
    }

    private static object? Value(object? sample, string name) =>
        sample?.GetType().GetProperty(name, BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance)?.GetValue(sample);
}
