using NhiGovernance.Catalogue.People;
using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Web.Catalogue;

internal static class PeopleEndpoints
{
    /// <param name="Status">A person's word, which counts whatever the sources say. Unknown takes it back, and the sources are believed again.</param>
    /// <param name="LeaveDate">Their last day; who has left must have one.</param>
    /// <param name="Version">The version that was read: another's change since then is a conflict. Null: change it whatever it is now.</param>
    private sealed record StatusBody(PersonStatus Status, DateOnly? LeaveDate, long? Version);

    /// <param name="Into">Id of the person that stays.</param>
    private sealed record MergeBody(Guid Into);

    /// <summary>What was made.</summary>
    /// <param name="Id">The id of what was made.</param>
    private sealed record Created(Guid Id);

    public static void Map(RouteGroupBuilder people)
    {
        people.MapGet("", async (
                [AsParameters] ListParameters list, PersonStatus? status, string? team, Guid? source, ListPeople useCase,
                HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new ListPeopleRequest(list.Q, list.Cursor, list.Limit ?? 50, status, team, source), token)).ToHttp(http));

        people.MapGet("/{id:guid}", async (Guid id, ListPeople useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new ListPeopleRequest(Id: id), token))
                .One().ToHttp(http))
            .WithSummary("Get person").WithDescription("One person of the catalogue.");

        people.MapPost("", async (CreatePersonRequest body, CreatePerson useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(body, token)).ToHttp(http, id => TypedResults.Created($"/api/v1/people/{id}", new Created(id))));

        people.MapPut("/{id:guid}/status", async (Guid id, StatusBody body, SetPersonStatus useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new SetPersonStatusRequest(id, body.Status, body.LeaveDate, body.Version), token))
                .ToNoContent(http));

        people.MapPost("/{id:guid}/merge", async (Guid id, MergeBody body, MergePeople useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new MergePeopleRequest(id, body.Into), token)).ToNoContent(http));
    }

    private static Result<T> One<T>(this Result<Page<T>> page) =>
        page.IsOk ? page.Value.Items is [var only] ? only : new Error.NotFound("This person") : page.Error;
}
