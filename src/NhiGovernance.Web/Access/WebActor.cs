using Microsoft.AspNetCore.Components.Authorization;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Web.Access;

/// <summary>
/// Who acts: the system in a system scope; in an HTTP request its cookie or token; in a circuit whoever opened it. A circuit
/// has a scope of its own, and the request that once opened its connection is not asked again.
/// </summary>
internal sealed class WebActor(ActorOverride acting, IHttpContextAccessor http, IServiceProvider services, TimeProvider clock) : ICurrentActor
{
    private string? _requestId;

    public string RequestId => _requestId ??= http.HttpContext is { WebSockets.IsWebSocketRequest: false } context
        ? context.TraceIdentifier
        : Ids.New(clock).ToString();

    public async ValueTask<ActorReference?> GetAsync(CancellationToken cancellationToken)
    {
        if (acting.Reference is { } system)
        {
            return system;
        }

        if (http.HttpContext is { } context && ReferenceEquals(context.RequestServices, services))
        {
            return context.User.ToReference();
        }

        if (services.GetService<CircuitActivity>() is { IsCircuit: true })
        {
            var state = await services.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync();
            return state.User.ToReference();
        }

        return null;
    }
}
