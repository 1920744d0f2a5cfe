using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Web.Sources;

/// <summary>Sources, their runs and their webhooks over HTTP: thin, the use cases decide.</summary>
internal sealed class SourceEndpoints : IWebSlice
{
    private sealed record UpdateBody(long Version, string Name, IReadOnlyDictionary<string, string> Settings);

    private sealed record SecretBody(string? Value);

    private sealed record IntervalBody(int Minutes);

    private sealed record TestBody(string? Connector, IReadOnlyDictionary<string, string>? Settings, IReadOnlyDictionary<string, string>? Secrets);

    public void AddServices(WebApplicationBuilder builder) => WebhookEndpoints.AddServices(builder);

    public void Map(WebApplication app)
    {
        var sources = app.MapGroup("/api/v1/sources").WithTags("Sources");
        MapReads(sources);
        MapWrites(sources);
        MapRuns(sources);
        WebhookEndpoints.Map(app);
    }

    private static void MapReads(RouteGroupBuilder sources)
    {
        sources.MapGet("", async (string? q, string? connector, string? cursor, int? limit, ListSources useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new ListSourcesRequest(q, connector, cursor, limit ?? 100), token)).ToHttp(http));
        sources.MapGet("/connectors", async (ListConnectors useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new ListConnectorsRequest(), token))
                .ToHttp(http, all => Results.Json(new { items = all.Select(Describe), next = (string?)null })));
        sources.MapGet("/freshness", async (GetFreshness useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new GetFreshnessRequest(), token)).ToHttp(http));
        sources.MapGet("/{id:guid}", async (Guid id, GetSource useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new GetSourceRequest(id), token))
                .ToHttp(http, s => Results.Json(new { source = s.Row, s.Settings, s.Secrets, s.CreatedAt })));
        sources.MapGet("/{id:guid}/health", async (Guid id, int? days, GetSourceHealth useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new GetSourceHealthRequest(id, days ?? 7), token)).ToHttp(http));
    }

    private static void MapWrites(RouteGroupBuilder sources)
    {
        sources.MapPost("", async (CreateSourceRequest body, CreateSource useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(body, token)).ToHttp(http, made => Results.Created($"/api/v1/sources/{made.Id}", made)));
        sources.MapPut("/{id:guid}", async (Guid id, UpdateBody body, UpdateSource useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new UpdateSourceRequest(id, body.Version, body.Name, body.Settings), token)).ToHttp(http));
        sources.MapPut("/{id:guid}/secrets/{key}", async (
                Guid id, string key, SecretBody body, SetSourceSecret useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new SetSourceSecretRequest(id, key, body.Value), token)).ToHttp(http, _ => Results.NoContent()));
        sources.MapPut("/{id:guid}/interval", async (Guid id, IntervalBody body, SetInterval useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new SetIntervalRequest(id, body.Minutes), token)).ToHttp(http, _ => Results.NoContent()));
        sources.MapPost("/{id:guid}/enable", async (Guid id, EnableSource useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new EnableSourceRequest(id), token)).ToHttp(http, _ => Results.NoContent()));
        sources.MapPost("/{id:guid}/disable", async (Guid id, DisableSource useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new DisableSourceRequest(id), token)).ToHttp(http, _ => Results.NoContent()));
        sources.MapDelete("/{id:guid}", async (Guid id, long version, RemoveSource useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new RemoveSourceRequest(id, version), token)).ToHttp(http));
    }

    private static void MapRuns(RouteGroupBuilder sources)
    {
        sources.MapPost("/test", (TestBody body, TestSource useCase, HttpContext http, CancellationToken token) => TestAsync(null, body, useCase, http, token));
        sources.MapPost("/{id:guid}/test", (Guid id, TestBody? body, TestSource useCase, HttpContext http, CancellationToken token) =>
            TestAsync(id, body, useCase, http, token));
        sources.MapPost("/{id:guid}/poll", async (Guid id, PollNow useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new PollNowRequest(id), token)).ToHttp(http, run => Results.Json(run, statusCode: StatusCodes.Status202Accepted)));
        sources.MapGet("/{id:guid}/runs", async (Guid id, string? cursor, int? limit, ListRuns useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new ListRunsRequest(id, cursor, limit ?? 25), token)).ToHttp(http));
        sources.MapGet("/runs/{id:guid}", async (Guid id, GetRun useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new GetRunRequest(id), token)).ToHttp(http));
        sources.MapPost("/runs/{id:guid}/cancel", async (Guid id, CancelRun useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new CancelRunRequest(id), token)).ToHttp(http, _ => Results.Accepted()));
    }

    private static async Task<IResult> TestAsync(Guid? id, TestBody? body, TestSource useCase, HttpContext http, CancellationToken token)
    {
        var result = await useCase.RunAsync(new TestSourceRequest(id, body?.Connector, body?.Settings, body?.Secrets), token);
        if (!result.IsOk)
        {
            return result.Error.ToProblem(http);
        }

        var steps = new List<TestStep>();
        await foreach (var step in result.Value)
        {
            steps.Add(step);
        }

        return Results.Json(new { passed = steps.TrueForAll(s => s.Outcome != TestOutcome.Fail), steps });
    }

    /// <summary>A descriptor as JSON: tuples have no names there.</summary>
    private static object Describe(ConnectorDescriptor d) => new
    {
        d.Key,
        d.Title,
        d.Summary,
        settings = d.Settings.Select(s => new
        {
            s.Key,
            s.Label,
            s.Kind,
            s.Help,
            s.Required,
            s.Default,
            s.Placeholder,
            s.Choices,
            onlyWhen = s.OnlyWhen is { } only ? new { only.Key, only.Value } : null,
        }),
        d.Permissions,
        defaultIntervalMinutes = (int)d.DefaultInterval.TotalMinutes,
        d.HostSetting,
    };
}
