using Microsoft.AspNetCore.Http.HttpResults;
using NhiGovernance.Common;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Inventory.Resources;
using NhiGovernance.Web.Hosting;
using NhiGovernance.Web.Hosting.Api;

namespace NhiGovernance.Web.Inventory;

internal static class IdentityEndpoints
{
    private sealed class IdentitiesCsv : IDownload
    {
        public static string ContentType => "text/csv; charset=utf-8";

        public static string Says => "RFC 4180 with a byte-order mark and a head of column names. What is not known says why in words. Cells that a spreadsheet would run begin with an apostrophe.";
    }

    /// <param name="Ids">The identities, at most 1,000; then `filter` is not used.</param>
    /// <param name="Filter">Or all that this query of a list gives, such as `kind=DeployKey&amp;team=none`.</param>
    /// <param name="TeamId">The team; null: nobody is assigned any more, and the place's team answers again.</param>
    private sealed record SelectionBody(IReadOnlyList<Guid>? Ids, string? Filter, Guid? TeamId);

    private static IEnumerable<(string Name, string Says)> Belonging => IdentityFilter.Keys.Where(k => k.Name is "team" or "product" or "service" or "environment");

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/identities", async (HttpContext http, ListIdentities useCase, string? sort, string? cursor, int? limit, CancellationToken token) =>
            await With(http, filter => useCase.RunAsync(new ListIdentitiesRequest(filter, IdentitySort.Parse(sort), cursor, limit ?? 50), token), r => r.ToHttp(http))).TakesFilter();

        api.MapGet("/identities.csv", async (HttpContext http, ExportIdentities useCase, string? sort, string? cols, CancellationToken token) =>
            await With(http, filter => useCase.RunAsync(new ExportIdentitiesRequest(filter, IdentitySort.Parse(sort)), token), r => r.ToHttp(http, rows => CsvAnswer.Of<IdentitiesCsv, IdentityRow>(rows, "identities.csv", cols, IdentityCsv.WriteHead, IdentityCsv.Write)))).TakesFilter();

        api.MapGet("/identities/facets", async (HttpContext http, IdentityFacets useCase, CancellationToken token) =>
            await With(http, filter => useCase.RunAsync(new IdentityFacetsRequest(filter), token), r => r.ToHttp(http))).TakesFilter();

        api.MapGet("/identities/summary", async (HttpContext http, InventorySummary useCase, CancellationToken token) =>
            await With(http, filter => useCase.RunAsync(new InventorySummaryRequest(filter), token), r => r.ToHttp(http, s => TypedResults.Ok(SummaryAnswer.Of(s))))).TakesQuery(Belonging);

        api.MapGet("/identities/changes", async (HttpContext http, RecentChanges useCase, int? limit, int? days, CancellationToken token) =>
            await With(http, filter => useCase.RunAsync(new RecentChangesRequest(limit ?? 12, days ?? 30, filter), token), r => r.ToHttp(http))).TakesQuery(Belonging);

        api.MapGet("/identities/{id:guid}/resources", async (Guid id, IdentityResources useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new IdentityResourcesRequest(id), token)).ToHttp(http));

        api.MapGet("/identities/{id:guid}", async (Guid id, GetIdentity useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new GetIdentityRequest(id), token)).ToHttp(http));

        api.MapGet("/identities/{id:guid}/timeline", async (Guid id, string? cursor, int? limit, IdentityTimeline useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new IdentityTimelineRequest(id, cursor, limit ?? 50), token)).ToHttp(http));

        api.MapPost("/identities/team", async (SelectionBody body, AssignTeam useCase, HttpContext http, CancellationToken token) =>
        {
            var filter = IdentityFilter.Parse(body.Filter ?? string.Empty);
            return filter.IsOk
                ? (await useCase.RunAsync(new AssignTeamRequest(new IdentitySelection(body.Ids, body.Filter is null ? null : filter.Value), body.TeamId), token)).ToHttp(http)
                : filter.Error.ToProblem(http);
        }).Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<TOk, ProblemHttpResult>> With<T, TOk>(
        HttpContext http, Func<IdentityFilter, Task<Result<T>>> run, Func<Result<T>, Results<TOk, ProblemHttpResult>> answer)
        where TOk : IResult
    {
        var filter = InventoryAnswers.Filter(http);
        return filter.IsOk ? answer(await run(filter.Value)) : filter.Error.ToProblem(http);
    }
}
