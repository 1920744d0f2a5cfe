using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access;

public sealed record EndSessionsRequest(Guid AccountId);

/// <summary>Signs somebody else out everywhere, when a device was lost. They may sign in again with their password.</summary>
public sealed class EndSessions(CommandDoor door, AccountManagers managers) : Command<EndSessionsRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageAccounts;

    protected override async Task<Result<Done>> ApplyAsync(EndSessionsRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var account = await context.Db.Set<Account>().SingleOrDefaultAsync(a => a.Id == request.AccountId, cancellationToken);
        if (account is null)
        {
            return new Error.NotFound("This account");
        }

        var before = AccountState.Of(account);
        using UserManager<Account> manager = managers.Over(context.Db);
        await manager.UpdateSecurityStampAsync(account);
        context.Audit("account.end-sessions", "account", account.Id, before, AccountState.Of(account), "by an Admin");
        context.Signal("account", account.Id);
        return Done.Value;
    }
}
