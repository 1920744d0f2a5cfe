using System.Text;
using NhiGovernance.Common;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Web.Inventory;

internal static class IdentityEndpoints
{
    private sealed record SelectionBody(IReadOnlyList<Guid>? Ids, string? Filter, Guid? TeamId);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/identities", async (HttpContext http, ListIdentities useCase, string? sort, string? cursor, int? limit, CancellationToken token) =>
            await With(http, filter => useCase.RunAsync(new ListIdentitiesRequest(filter, IdentitySort.Parse(sort), cursor, limit ?? 50), token), r => r.Answer(http)));

        api.MapGet("/identities.csv", async (HttpContext http, ExportIdentities useCase, string? sort, CancellationToken token) =>
            await With(http, filter => useCase.RunAsync(new ExportIdentitiesRequest(filter, IdentitySort.Parse(sort)), token), r => r.ToHttp(http, Csv)));

        api.MapGet("/identities/facets", async (HttpContext http, IdentityFacets useCase, CancellationToken token) =>
            await With(http, filter => useCase.RunAsync(new IdentityFacetsRequest(filter), token), r => r.Answer(http)));

        api.MapGet("/identities/{id:guid}", async (Guid id, GetIdentity useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new GetIdentityRequest(id), token)).Answer(http));

        api.MapGet("/identities/{id:guid}/timeline", async (Guid id, string? cursor, int? limit, IdentityTimeline useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new IdentityTimelineRequest(id, cursor, limit ?? 50), token)).Answer(http));

        api.MapPost("/identities/team", async (SelectionBody body, AssignTeam useCase, HttpContext http, CancellationToken token) =>
        {
            var filter = IdentityFilter.Parse(body.Filter ?? string.Empty);
            return filter.IsOk
                ? (await useCase.RunAsync(new AssignTeamRequest(new IdentitySelection(body.Ids, body.Filter is null ? null : filter.Value), body.TeamId), token)).Answer(http)
                : filter.Error.ToProblem(http);
        });
    }

    private static async Task<IResult> With<T>(HttpContext http, Func<IdentityFilter, Task<Result<T>>> run, Func<Result<T>, IResult> answer)
    {
        var filter = InventoryAnswers.Filter(http);
        return filter.IsOk ? answer(await run(filter.Value)) : filter.Error.ToProblem(http);
    }

    private static IResult Csv(IAsyncEnumerable<IdentityRow> rows) => Results.Stream(
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
        "text/csv; charset=utf-8",
        "identities.csv");

    private static async Task FlushAsync(StreamWriter writer, StringWriter text)
    {
        await writer.WriteAsync(text.GetStringBuilder());
        await writer.FlushAsync();
        text.GetStringBuilder().Clear();
    }
}
