using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access;

public sealed record EndOwnSessionsRequest;

/// <summary>Signs the caller out everywhere: every session of the account ends, on every machine.</summary>
public sealed class EndOwnSessions(CommandDoor door, AccountManagers managers) : Command<EndOwnSessionsRequest, Done>(door)
{
    public override Permission Permission => Permission.OwnAccount;

    protected override async Task<Result<Done>> ApplyAsync(EndOwnSessionsRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var account = await context.Db.Set<Account>().SingleOrDefaultAsync(a => a.Id == context.Actor.Id, cancellationToken);
        if (account is null)
        {
            return new Error.NotFound("Your account");
        }

        var before = AccountState.Of(account);
        using UserManager<Account> manager = managers.Over(context.Db);
        await manager.UpdateSecurityStampAsync(account);
        context.Audit("account.end-sessions", "account", account.Id, before, AccountState.Of(account));
        return Done.Value;
    }
}
