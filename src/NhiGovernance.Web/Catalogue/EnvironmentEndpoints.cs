using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Environments;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Web.Catalogue;

internal static class EnvironmentEndpoints
{
    /// <param name="Name">As people read it.</param>
    /// <param name="Kind">What it is for.</param>
    /// <param name="Tier">How much depends on it.</param>
    /// <param name="DataClass">The most sensitive data in it.</param>
    /// <param name="Version">The version that was read: another's change since then is a conflict. Null: change it whatever it is now.</param>
    private sealed record EnvironmentBody(string Name, EnvironmentKind Kind, EnvironmentTier Tier, DataClass DataClass, long? Version);

    public static void Map(RouteGroupBuilder environments)
    {
        environments.MapGet("", async (
                [AsParameters] ListParameters list, EnvironmentKind? kind, EnvironmentTier? tier, DataClass? dataClass, ListEnvironments useCase,
                HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new ListEnvironmentsRequest(list.Q, list.Cursor, list.Limit ?? 50, kind, tier, dataClass), token)).ToHttp(http));

        environments.MapGet("/{key}", async (string key, GetEnvironment useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(key, token)).ToHttp(http));

        environments.MapPost("", async (
                CreateEnvironmentRequest body, CreateEnvironment create, GetEnvironment get, HttpContext http, CancellationToken token) =>
            await CatalogueEndpoints.CreateAsync(
                http, "environments", body.Key, await create.RunAsync(body, token), () => get.RunAsync(body.Key, token),
                there => there.Name == body.Name?.Trim() && there.Kind == body.Kind && there.Tier == body.Tier && there.DataClass == body.DataClass));

        environments.MapPut("/{key}", async (string key, EnvironmentBody body, UpdateEnvironment useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new UpdateEnvironmentRequest(key, body.Name, body.Kind, body.Tier, body.DataClass, body.Version), token))
                .ToNoContent(http));

        environments.MapPut("/{key}/mapping", async (
                string key, ServiceEndpoints.RulesBody body, SetEnvironmentMapping useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new SetEnvironmentMappingRequest(key, body.Rules), token)).ToHttp(http));

        environments.MapPost("/{key}/mapping/preview", async (
                string key, ServiceEndpoints.RulesBody body, PreviewMapping useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new PreviewMappingRequest(MappingTarget.Environment, key, body.Rules), token)).ToHttp(http));

        environments.MapDelete("/{key}", async (string key, RemoveEnvironment useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(key, token)).ToHttp(http));
    }
}
