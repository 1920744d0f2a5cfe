using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Tests.Fakes;

/// <summary>Who acts is what the test says, with no account in the database.</summary>
public sealed class SettableActor : ICurrentActor, IActors
{
    private Actor? _actor = Actor.System("test");

    public string RequestId { get; set; } = "test-request";

    public Actor? Current => _actor;

    /// <summary>A person with these roles who signed in just now. Sees all, as the roles say, unless teams are given.</summary>
    /// <returns>The account's id.</returns>
    public Guid Be(Role roles, params Guid[] teams) => Be(roles, TimeProvider.System.GetUtcNow(), teams);

    public Guid Be(Role roles, DateTimeOffset signedInAt, params Guid[] teams)
    {
        const Role seesAll = Role.Approver | Role.Engineer | Role.Auditor | Role.Admin;
        var id = Ids.New(TimeProvider.System);
        _actor = new Actor(
            ActorKind.Person, id, "A person", roles, new HashSet<string>(), new HashSet<Guid>(teams), (roles & seesAll) != 0, signedInAt);
        return id;
    }

    /// <summary>The same person as before.</summary>
    public void BeAgain(Guid id, Role roles, params Guid[] teams)
    {
        Be(roles, teams);
        _actor = _actor! with { Id = id };
    }

    /// <summary>A token with these scopes; it sees all, or one team's things.</summary>
    public Guid BeToken(string scopes, Guid? team = null)
    {
        var id = Ids.New(TimeProvider.System);
        _actor = new Actor(
            ActorKind.Token, id, "A token", Role.None, scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal),
            team is { } one ? new HashSet<Guid> { one } : [], SeesAll: team is null, SignedInAt: null);
        return id;
    }

    public void BeSystem(string part) => _actor = Actor.System(part);

    public void BeNobody() => _actor = null;

    public ValueTask<ActorReference?> GetAsync(CancellationToken cancellationToken) =>
        new(_actor is null ? null : new ActorReference(_actor.Kind, _actor.Id, _actor.Name, _actor.SignedInAt));

    public Task<Actor?> LoadAsync(GovernanceDb db, ActorReference reference, CancellationToken cancellationToken) => Task.FromResult(_actor);
}
