using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access;

/// <param name="TokenId">Empty when no such token is there.</param>
public sealed record NoteTokenRefusedRequest(Guid TokenId, string Why);

/// <summary>Says in the audit log that a token was refused.</summary>
public sealed class NoteTokenRefused(CommandDoor door) : Command<NoteTokenRefusedRequest, Done>(door)
{
    public override Permission Permission => Permission.System;

    protected override Task<Result<Done>> ApplyAsync(NoteTokenRefusedRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        context.Audit("token.refused", "token", request.TokenId, null, null, $"{request.Why}; further refusals of this kind are not noted for an hour");
        return Task.FromResult(Result.Ok(Done.Value));
    }
}

/// <summary>
/// At most one entry an hour for each token and reason, and one for all that are unknown, in each process: a pipeline that goes on with
/// a revoked token, or somebody who tries random ones, must not fill the log.
/// </summary>
public sealed class TokenRefusals(IServiceProvider services, TimeProvider clock)
{
    private const int Most = 10_000;

    private static readonly TimeSpan Quiet = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(Guid Token, string Why), DateTimeOffset> _noted = new();

    public async Task NoteAsync(TokenVerdict verdict, CancellationToken cancellationToken)
    {
        var (key, now) = ((verdict.Concerns, verdict.Refusal!), clock.GetUtcNow());
        if ((_noted.TryGetValue(key, out var at) && now - at < Quiet) || (_noted.Count >= Most && !_noted.ContainsKey(key)))
        {
            return;
        }

        _noted[key] = now;
        await using var scope = services.CreateSystemScope("token check");
        await scope.ServiceProvider.GetRequiredService<NoteTokenRefused>()
            .RunAsync(new NoteTokenRefusedRequest(verdict.Concerns, verdict.Refusal!), cancellationToken);
    }
}
