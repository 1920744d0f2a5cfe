using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Access;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Web.Access;

/// <summary>When a circuit last heard from its person. One per scope.</summary>
internal sealed class CircuitActivity(TimeProvider clock)
{
    public bool IsCircuit { get; private set; }

    public DateTimeOffset LastAt { get; private set; } = clock.GetUtcNow();

    public void Open() => IsCircuit = true;

    public void Note() => LastAt = clock.GetUtcNow();
}

/// <summary>Marks a scope as a circuit, notes what its person does, and keeps one account from opening any number of them.</summary>
internal sealed class CircuitWatch(CircuitActivity activity, CircuitCount count, AuthenticationStateProvider states) : CircuitHandler
{
    private Guid? _account;

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        activity.Open();
        var state = await states.GetAuthenticationStateAsync();
        _account = state.User.ToReference()?.Id;
        if (_account is { } id)
        {
            count.Enter(id);
        }
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (_account is { } id)
        {
            count.Leave(id);
        }

        return Task.CompletedTask;
    }

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        context =>
        {
            if (OwnActivity.IsNow)
            {
                activity.Note();
            }

            return next(context);
        };
}

/// <summary>Open circuits by account.</summary>
internal sealed class CircuitCount
{
    /// <summary>Tabs that one person may have open; those that were left count until they are dropped.</summary>
    public const int Most = 50;

    private readonly ConcurrentDictionary<Guid, int> _open = new();

    public void Enter(Guid account)
    {
        if (_open.AddOrUpdate(account, 1, (_, n) => n + 1) > Most)
        {
            throw new InvalidOperationException($"This account has more than {Most} pages open. Close some.");
        }
    }

    public void Leave(Guid account) => _open.AddOrUpdate(account, 0, (_, n) => Math.Max(0, n - 1));
}

/// <summary>Ends an open page's sign-in within a minute of the session's end. Every use case asks the database anyway.</summary>
internal sealed class CircuitSession(
    ILoggerFactory loggers, IServiceScopeFactory scopes, IDbContextFactory<GovernanceDb> contexts, CircuitActivity activity, TimeProvider clock,
    IHostApplicationLifetime lifetime)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => SessionLimits.Revalidation;

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        AskAsync(authenticationState, cancellationToken);

    /// <summary>Whether the sign-in still counts. Asked by a timer that nothing stops before the services are gone.</summary>
    internal async Task<bool> AskAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        try
        {
            return await StillCountsAsync(authenticationState, cancellationToken);
        }
        catch (Exception error) when (error is ObjectDisposedException || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The server goes down under its open pages: they learn it by their connection, and have to sign in nowhere for that.
            return true;
        }
    }

    private async Task<bool> StillCountsAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() - activity.LastAt > SessionLimits.Idle || authenticationState.User.ToReference() is not { } reference)
        {
            return false;
        }

        await using var scope = scopes.CreateAsyncScope();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await scope.ServiceProvider.GetRequiredService<IActors>().LoadAsync(db, reference, cancellationToken) is not null;
    }
}
