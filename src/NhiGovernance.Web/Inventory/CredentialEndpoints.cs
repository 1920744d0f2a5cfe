using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Web.Hosting;
using NhiGovernance.Web.Hosting.Api;

namespace NhiGovernance.Web.Inventory;

internal static class CredentialEndpoints
{
    public static void Map(RouteGroupBuilder credentials)
    {
        credentials.MapGet("", async (
            HttpContext http, ListCredentials useCase, Guid? identity, string? cursor, int? limit, CancellationToken token) =>
        {
            var request = CredentialQuery.Parse(identity, InventoryAnswers.Query(http), cursor, limit);
            return request.IsOk ? (await useCase.RunAsync(request.Value, token)).ToHttp(http) : request.Error.ToProblem(http);
        }).TakesQuery(CredentialQuery.Keys);

        credentials.MapGet("/{id:guid}", async (Guid id, GetCredential useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new GetCredentialRequest(id), token)).ToHttp(http));
    }
}
