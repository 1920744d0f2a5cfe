using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Web.Hosting;

/// <summary>The current actor where nobody can sign in, as on the command line: the system in a system scope, else nobody.</summary>
internal sealed class SystemOnlyActor(ActorOverride acting, TimeProvider clock) : ICurrentActor
{
    public string RequestId { get; } = Ids.New(clock).ToString();

    public ValueTask<ActorReference?> GetAsync(CancellationToken cancellationToken) => new(acting.Reference);
}
