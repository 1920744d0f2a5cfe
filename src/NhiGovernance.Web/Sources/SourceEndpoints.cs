using Microsoft.AspNetCore.Http.HttpResults;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Web.Sources;

/// <summary>Sources, their runs and their webhooks over HTTP: thin, the use cases decide.</summary>
internal sealed class SourceEndpoints : IWebSlice
{
    /// <param name="Version">As read; another's change since then is a conflict.</param>
    /// <param name="Name">As people read it.</param>
    /// <param name="Settings">By the connector's keys, all of them; no secrets. A new host clears the credentials.</param>
    private sealed record UpdateSourceBody(long Version, string Name, IReadOnlyDictionary<string, string> Settings);

    /// <param name="Value">Write-only; null or empty clears it.</param>
    private sealed record SecretBody(string? Value);

    /// <param name="Minutes">Between two polls by the schedule.</param>
    private sealed record IntervalBody(int Minutes);

    /// <summary>What to test with; for a source that is there, what is left out is taken from it.</summary>
    /// <param name="Connector">Key of the connector; needed for a source that is not there yet.</param>
    /// <param name="Settings">By the connector's keys.</param>
    /// <param name="Secrets">Used for this test only, and not kept.</param>
    private sealed record TestSourceBody(string? Connector, IReadOnlyDictionary<string, string>? Settings, IReadOnlyDictionary<string, string>? Secrets);

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
            (await useCase.RunAsync(new ListConnectorsRequest(), token)).Select(ConnectorAnswer.Of).ToListHttp(http));
        sources.MapGet("/freshness", async (GetFreshness useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new GetFreshnessRequest(), token)).ToHttp(http));
        sources.MapGet("/{id:guid}", async (Guid id, GetSource useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new GetSourceRequest(id), token))
                .ToHttp(http, s => TypedResults.Ok(new SourceAnswer(s.Row, s.Settings, s.Secrets, s.CreatedAt))));
        sources.MapGet("/{id:guid}/health", async (Guid id, int? days, GetSourceHealth useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new GetSourceHealthRequest(id, days ?? 7), token)).ToHttp(http));
    }

    private static void MapWrites(RouteGroupBuilder sources)
    {
        sources.MapPost("", async (CreateSourceRequest body, CreateSource useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(body, token)).ToHttp(http, made => TypedResults.Created($"/api/v1/sources/{made.Id}", made)));
        sources.MapPut("/{id:guid}", async (Guid id, UpdateSourceBody body, UpdateSource useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new UpdateSourceRequest(id, body.Version, body.Name, body.Settings), token)).ToHttp(http));
        sources.MapPut("/{id:guid}/secrets/{key}", async (
                Guid id, string key, SecretBody body, SetSourceSecret useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new SetSourceSecretRequest(id, key, body.Value), token)).ToNoContent(http));
        sources.MapPut("/{id:guid}/interval", async (Guid id, IntervalBody body, SetInterval useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new SetIntervalRequest(id, body.Minutes), token)).ToNoContent(http));
        sources.MapPost("/{id:guid}/enable", async (Guid id, EnableSource useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new EnableSourceRequest(id), token)).ToNoContent(http));
        sources.MapPost("/{id:guid}/disable", async (Guid id, DisableSource useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new DisableSourceRequest(id), token)).ToNoContent(http));
        sources.MapDelete("/{id:guid}", async (Guid id, long version, RemoveSource useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new RemoveSourceRequest(id, version), token)).ToHttp(http));
    }

    private static void MapRuns(RouteGroupBuilder sources)
    {
        sources.MapPost("/test", (TestSourceBody body, TestSource useCase, HttpContext http, CancellationToken token) => TestAsync(null, body, useCase, http, token));
        sources.MapPost("/{id:guid}/test", (Guid id, TestSourceBody? body, TestSource useCase, HttpContext http, CancellationToken token) =>
            TestAsync(id, body, useCase, http, token));
        sources.MapPost("/{id:guid}/poll", async (Guid id, PollNow useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new PollNowRequest(id), token)).ToHttp(http, run => TypedResults.Accepted($"/api/v1/sources/runs/{run.RunId}", run)));
        sources.MapGet("/{id:guid}/runs", async (
                Guid id, PollState? state, PollTrigger? trigger, string? cursor, int? limit, ListRuns useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new ListRunsRequest(id, cursor, limit ?? 25, state, trigger), token)).ToHttp(http));
        sources.MapGet("/runs/{id:guid}", async (Guid id, GetRun useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new GetRunRequest(id), token)).ToHttp(http));
        sources.MapPost("/runs/{id:guid}/cancel", async (Guid id, CancelRun useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new CancelRunRequest(id), token)).ToHttp(http, _ => TypedResults.Accepted($"/api/v1/sources/runs/{id}")));
    }

    private static async Task<Results<Ok<TestAnswer>, ProblemHttpResult>> TestAsync(Guid? id, TestSourceBody? body, TestSource useCase, HttpContext http, CancellationToken token)
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

        return TypedResults.Ok(new TestAnswer(steps.TrueForAll(s => s.Outcome != TestOutcome.Fail), steps));
    }
}
