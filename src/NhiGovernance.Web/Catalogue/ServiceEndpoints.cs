using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Catalogue.Services;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Web.Catalogue;

internal static class ServiceEndpoints
{
    /// <param name="Name">As people read it.</param>
    /// <param name="Team">Key of the team that builds and runs it, or null.</param>
    /// <param name="Product">Key of the product that it is part of, or null.</param>
    /// <param name="Version">The version that was read: another's change since then is a conflict. Null: change it whatever it is now.</param>
    private sealed record ServiceBody(string Name, string? Team, string? Product, long? Version);

    /// <param name="Rules">All its mapping rules from now on; those that are not named go.</param>
    internal sealed record RulesBody(IReadOnlyList<RuleInput> Rules);

    public static void Map(RouteGroupBuilder services)
    {
        services.MapGet("", async (
                [AsParameters] ListParameters list, string? team, string? product, ListServices useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new ListServicesRequest(list.Q, list.Cursor, list.Limit ?? 50, team, product), token)).ToHttp(http));

        services.MapGet("/{key}", async (string key, GetService useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(key, token)).ToHttp(http));

        services.MapPost("", async (CreateServiceRequest body, CreateService create, GetService get, HttpContext http, CancellationToken token) =>
            await CatalogueEndpoints.CreateAsync(
                http, "services", body.Key, await create.RunAsync(body, token), () => get.RunAsync(body.Key, token),
                service => service.Name == body.Name?.Trim() && service.Team?.Key == Blank(body.Team) && service.Product?.Key == Blank(body.Product)));

        services.MapPut("/{key}", async (string key, ServiceBody body, UpdateService useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new UpdateServiceRequest(key, body.Name, body.Team, body.Product, body.Version), token)).ToHttp(http));

        services.MapPut("/{key}/mapping", async (string key, RulesBody body, SetServiceMapping useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new SetServiceMappingRequest(key, body.Rules), token)).ToHttp(http));

        services.MapPost("/{key}/mapping/preview", async (
                string key, RulesBody body, PreviewMapping useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new PreviewMappingRequest(MappingTarget.Service, key, body.Rules), token)).ToHttp(http));

        services.MapDelete("/{key}", async (string key, RemoveService useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(key, token)).ToHttp(http));
    }

    private static string? Blank(string? key) => string.IsNullOrWhiteSpace(key) ? null : key;
}
