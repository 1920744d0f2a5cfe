using Microsoft.AspNetCore.Http.HttpResults;
using NhiGovernance.Common;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Web.Hosting;
using NhiGovernance.Web.Hosting.Api;

namespace NhiGovernance.Web.Inventory;

internal static class CredentialEndpoints
{
    private sealed class CredentialsCsv : IDownload
    {
        public static string ContentType => "text/csv; charset=utf-8";

        public static string Says => "RFC 4180 with a byte-order mark and a head of column names: metadata, never a value. What is not known says why in words. Cells that a spreadsheet would run begin with an apostrophe.";
    }

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/credentials", async (HttpContext http, ListCredentials useCase, Guid? identity, string? sort, string? cursor, int? limit, CancellationToken token) =>
            await With(http, identity, filter => useCase.RunAsync(new ListCredentialsRequest(filter, CredentialSort.Parse(sort), cursor, limit ?? 50), token), r => r.ToHttp(http)))
            .TakesQuery(CredentialFilter.Keys);

        api.MapGet("/credentials.csv", async (HttpContext http, ExportCredentials useCase, Guid? identity, string? sort, string? cols, CancellationToken token) =>
            await With(
                http, identity, filter => useCase.RunAsync(new ExportCredentialsRequest(filter, CredentialSort.Parse(sort)), token),
                r => r.ToHttp(http, rows => CsvAnswer.Of<CredentialsCsv, CredentialRow>(rows, "credentials.csv", cols, CredentialCsv.WriteHead, CredentialCsv.Write))))
            .TakesQuery(CredentialFilter.Keys);

        api.MapGet("/credentials/{id:guid}", async (Guid id, GetCredential useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new GetCredentialRequest(id), token)).ToHttp(http));
    }

    private static async Task<Results<TOk, ProblemHttpResult>> With<T, TOk>(
        HttpContext http, Guid? identity, Func<CredentialFilter, Task<Result<T>>> run, Func<Result<T>, Results<TOk, ProblemHttpResult>> answer)
        where TOk : IResult
    {
        var filter = CredentialFilter.Parse(identity, InventoryAnswers.Query(http));
        return filter.IsOk ? answer(await run(filter.Value)) : filter.Error.ToProblem(http);
    }
}
