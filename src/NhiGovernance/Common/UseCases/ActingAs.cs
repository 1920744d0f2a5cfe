using Microsoft.Extensions.DependencyInjection;

namespace NhiGovernance.Common.UseCases;

/// <summary>
/// Lets a job, start-up or the command line act as the system in a scope of its own. An <see cref="ICurrentActor"/> answers
/// <see cref="Reference"/> first, when it is set; only then a cookie or a token.
/// </summary>
public sealed class ActingAs
{
    public ActorReference? Reference { get; set; }

    public string RequestId { get; set; } = string.Empty;
}

public static class ActingAsScopes
{
    /// <summary>
    /// A scope whose use cases run as the system. <paramref name="part"/> names the part in the audit log ("poll", "command
    /// line"); <paramref name="requestId"/> ties entries of one piece of work together.
    /// </summary>
    public static AsyncServiceScope CreateSystemScope(this IServiceProvider services, string part, string requestId)
    {
        var scope = services.CreateAsyncScope();
        var acting = scope.ServiceProvider.GetRequiredService<ActingAs>();
        acting.Reference = ActorReference.System(part);
        acting.RequestId = requestId;
        return scope;
    }
}

/// <summary>The current actor where nobody can sign in: the command line, and tests of the engine alone.</summary>
public sealed class ActingActor(ActingAs acting) : ICurrentActor
{
    public ValueTask<ActorReference?> GetAsync(CancellationToken cancellationToken) => new(acting.Reference);

    public string RequestId => acting.RequestId;
}
