using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access;

/// <param name="SessionId">As the caller's cookie carries it.</param>
public sealed record SignOutRequest(Guid SessionId);

/// <summary>
/// Ends one session of the caller's own: what is open of it, on any machine, and whatever copy there is of its cookie. Other
/// sessions of the same account go on.
/// </summary>
public sealed class SignOut(CommandDoor door) : Command<SignOutRequest, Done>(door)
{
    public override Permission Permission => Permission.OwnAccount;

    protected override async Task<Result<Done>> ApplyAsync(SignOutRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var ended = context.Db.Set<EndedSession>();

        // No cookie is as old as that, so these stand for nothing any more.
        var before = context.Now - SessionLimits.Absolute - TimeSpan.FromDays(1);
        await ended.Where(s => s.EndedAt < before).ExecuteDeleteAsync(cancellationToken);
        if (!await ended.AnyAsync(s => s.Id == request.SessionId, cancellationToken))
        {
            ended.Add(new EndedSession { Id = request.SessionId, AccountId = context.Actor.Id, EndedAt = context.Now });
        }

        context.Audit("account.sign-out", "account", context.Actor.Id, null, null);
        context.Signal("account", context.Actor.Id);
        return Done.Value;
    }
}
