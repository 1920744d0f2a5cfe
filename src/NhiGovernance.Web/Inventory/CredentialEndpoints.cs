using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Web.Inventory;

internal static class CredentialEndpoints
{
    public static void Map(RouteGroupBuilder credentials)
    {
        credentials.MapGet("", async (
            HttpContext http, ListCredentials useCase, Guid? identity, string? kind, string? expires, string? q, string? cursor, int? limit, CancellationToken token) =>
        {
            var request = CredentialQuery.Parse(identity, kind, expires, q, cursor, limit);
            return request.IsOk ? (await useCase.RunAsync(request.Value, token)).ToHttp(http) : request.Error.ToProblem(http);
        });

        credentials.MapGet("/{id:guid}", async (Guid id, GetCredential useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new GetCredentialRequest(id), token)).ToHttp(http));
    }
}
