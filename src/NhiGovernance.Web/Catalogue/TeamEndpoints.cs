using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Web.Catalogue;

internal static class TeamEndpoints
{
    /// <param name="Name">As people read it.</param>
    /// <param name="Contact">Where the team is reached, in its own words; null: not said.</param>
    /// <param name="Version">The version that was read: another's change since then is a conflict. Null: change it whatever it is now.</param>
    private sealed record TeamBody(string Name, string? Contact, long? Version);

    /// <param name="People">Ids of everybody who is in it from now on; whoever is not named leaves. At most 500.</param>
    /// <param name="Lead">Id of the one of them who leads it, or null.</param>
    private sealed record MembersBody(IReadOnlyList<Guid> People, Guid? Lead);

    public static void Map(RouteGroupBuilder teams)
    {
        teams.MapGet("", async ([AsParameters] ListParameters list, ListTeams useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new CatalogueList(list.Q, list.Cursor, list.Limit ?? 50), token)).ToHttp(http));

        teams.MapGet("/{key}", async (string key, GetTeam useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(key, token)).ToHttp(http));

        teams.MapPost("", async (CreateTeamRequest body, CreateTeam create, GetTeam get, HttpContext http, CancellationToken token) =>
            await CatalogueEndpoints.CreateAsync(
                http, "teams", body.Key, await create.RunAsync(body, token), () => get.RunAsync(body.Key, token),
                team => team.Name == body.Name?.Trim() && (team.Contact ?? string.Empty) == (body.Contact ?? string.Empty).Trim()));

        teams.MapPut("/{key}", async (string key, TeamBody body, UpdateTeam useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new UpdateTeamRequest(key, body.Name, body.Contact, body.Version), token)).ToNoContent(http));

        teams.MapPut("/{key}/members", async (string key, MembersBody body, SetTeamMembers useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new SetTeamMembersRequest(key, body.People, body.Lead), token)).ToNoContent(http));

        teams.MapDelete("/{key}", async (string key, RemoveTeam useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(key, token)).ToNoContent(http));
    }
}
