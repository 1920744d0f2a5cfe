using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using NhiGovernance.Common;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
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

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/identities", async (HttpContext http, ListIdentities useCase, string? sort, string? cursor, int? limit, CancellationToken token) =>
            await With(http, filter => useCase.RunAsync(new ListIdentitiesRequest(filter, IdentitySort.Parse(sort), cursor, limit ?? 50), token), r => r.ToHttp(http))).TakesFilter();

        api.MapGet("/identities.csv", async (HttpContext http, ExportIdentities useCase, string? sort, CancellationToken token) =>
            await With(http, filter => useCase.RunAsync(new ExportIdentitiesRequest(filter, IdentitySort.Parse(sort)), token), r => r.ToHttp(http, Csv))).TakesFilter();

        api.MapGet("/identities/facets", async (HttpContext http, IdentityFacets useCase, CancellationToken token) =>
            await With(http, filter => useCase.RunAsync(new IdentityFacetsRequest(filter), token), r => r.ToHttp(http))).TakesFilter();

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

    private static Download<IdentitiesCsv> Csv(IAsyncEnumerable<IdentityRow> rows) => new(
        async body =>
        {
            // With a byte-order mark, because spreadsheets read UTF-8 only then.
            await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), bufferSize: 32_768);
            using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
            IdentityCsv.WriteHead(text);
            await foreach (var row in rows)
            {
                IdentityCsv.Write(text, row);
                if (text.GetStringBuilder().Length > 16_384)
                {
                    await FlushAsync(writer, text);
                }
            }

            await FlushAsync(writer, text);
        },
        "identities.csv");

    private static async Task FlushAsync(StreamWriter writer, StringWriter text)
    {
        await writer.WriteAsync(text.GetStringBuilder());
        await writer.FlushAsync();
        text.GetStringBuilder().Clear();
    }
}
