using Microsoft.AspNetCore.Http.HttpResults;
using NhiGovernance.Common;
using NhiGovernance.Inventory.Resources;
using NhiGovernance.Web.Hosting;
using NhiGovernance.Web.Hosting.Api;

namespace NhiGovernance.Web.Inventory.Resources;

internal static class ResourceEndpoints
{
    private sealed class ResourcesCsv : IDownload
    {
        public static string ContentType => "text/csv; charset=utf-8";

        public static string Says => "RFC 4180 with a byte-order mark and a head of column names. Risks for a release stand there in words. Cells that a spreadsheet would run begin with an apostrophe.";
    }

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/resources", async (HttpContext http, ListResources useCase, string? sort, string? cursor, int? limit, CancellationToken token) =>
            await With(http, filter => useCase.RunAsync(new ListResourcesRequest(filter, ResourceSort.Parse(sort), cursor, limit ?? 50), token), r => r.ToHttp(http)))
            .TakesQuery(ResourceFilter.Keys);

        api.MapGet("/resources.csv", async (HttpContext http, ExportResources useCase, string? sort, string? cols, CancellationToken token) =>
            await With(
                http, filter => useCase.RunAsync(new ExportResourcesRequest(filter, ResourceSort.Parse(sort)), token),
                r => r.ToHttp(http, rows => CsvAnswer.Of<ResourcesCsv, ResourceRow>(rows, "resources.csv", cols, ResourceCsv.WriteHead, ResourceCsv.Write))))
            .TakesQuery(ResourceFilter.Keys);

        api.MapGet("/resources/facets", async (HttpContext http, ResourceFacets useCase, CancellationToken token) =>
            await With(http, filter => useCase.RunAsync(new ResourceFacetsRequest(filter), token), r => r.ToHttp(http))).TakesQuery(ResourceFilter.Keys);

        api.MapGet("/resources/{id:guid}", async (Guid id, GetResource useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new GetResourceRequest(id), token)).ToHttp(http));

        api.MapGet("/resources/{id:guid}/timeline", async (Guid id, string? cursor, int? limit, ResourceTimeline useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new ResourceTimelineRequest(id, cursor, limit ?? 50), token)).ToHttp(http));
    }

    private static async Task<Results<TOk, ProblemHttpResult>> With<T, TOk>(
        HttpContext http, Func<ResourceFilter, Task<Result<T>>> run, Func<Result<T>, Results<TOk, ProblemHttpResult>> answer)
        where TOk : IResult
    {
        var filter = ResourceFilter.Parse(InventoryAnswers.Query(http));
        return filter.IsOk ? answer(await run(filter.Value)) : filter.Error.ToProblem(http);
    }
}
