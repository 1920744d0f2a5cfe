using NhiGovernance.Data;

namespace NhiGovernance.Common.UseCases;

/// <summary>
/// Says who the current request is. One per request, circuit or job; the host implements it, and answers <see cref="ActorOverride"/>
/// first, so that jobs and the command line can act as the system.
/// </summary>
public interface ICurrentActor
{
    /// <summary>Null when nobody is signed in.</summary>
    ValueTask<ActorReference?> GetAsync(CancellationToken cancellationToken);

    /// <summary>The request's id, for the audit log and for error references.</summary>
    string RequestId { get; }
}

/// <summary>Turns a reference into the actor as the database knows them now. Access implements it.</summary>
public interface IActors
{
    /// <summary>Null when the account is disabled, the session was ended, or the token is revoked or expired.</summary>
    Task<Actor?> LoadAsync(GovernanceDb db, ActorReference reference, CancellationToken cancellationToken);
}
