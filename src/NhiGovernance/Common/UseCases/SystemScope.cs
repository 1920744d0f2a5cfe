using Microsoft.Extensions.DependencyInjection;

namespace NhiGovernance.Common.UseCases;

/// <summary>
/// Lets jobs, start-up and the command line run use cases as the system: the use cases of this scope act as the named part,
/// and the audit log names it.
/// </summary>
public static class SystemScope
{
    /// <param name="services">The root, or any scope.</param>
    /// <param name="part">Which part of the product acts: "poll", "command line".</param>
    public static AsyncServiceScope CreateSystemScope(this IServiceProvider services, string part)
    {
        var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ActorOverride>().Reference = ActorReference.System(part);
        return scope;
    }
}

/// <summary>When set, the scope's use cases act as this, whoever is signed in. The host's <see cref="ICurrentActor"/> asks it first.</summary>
public sealed class ActorOverride
{
    public ActorReference? Reference { get; set; }
}
