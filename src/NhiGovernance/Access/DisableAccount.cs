using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

public sealed record DisableAccountRequest(Guid AccountId);

/// <summary>Ends every session of the account at once and lets it sign in no more.</summary>
public sealed class DisableAccount(CommandDoor door, AccountManagers managers, IDialect dialect) : Command<DisableAccountRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageAccounts;

    protected override async Task<Result<Done>> ApplyAsync(DisableAccountRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        await Admins.LockAsync(dialect, context.Db, cancellationToken);
        var account = await context.Db.Set<Account>().SingleOrDefaultAsync(a => a.Id == request.AccountId, cancellationToken);
        if (account is null)
        {
            return new Error.NotFound("This account");
        }

        if (account.IsDisabled)
        {
            return new Error.Conflict("This account is disabled already.");
        }

        if (account.Id == context.Actor.Id)
        {
            return new Error.Forbidden("You cannot disable your own account. Another Admin can.");
        }

        if (await Admins.IsLastAsync(context.Db, account, cancellationToken))
        {
            return new Error.Conflict("This is the last Admin. Make another account an Admin first.");
        }

        var before = AccountState.Of(account);
        account.IsDisabled = true;
        using UserManager<Account> manager = managers.Over(context.Db);
        await manager.UpdateSecurityStampAsync(account);
        await Links.EndOthersAsync(context.Db, account.Id, null, context.Now, cancellationToken);
        context.Audit("account.disable", "account", account.Id, before, AccountState.Of(account));
        context.Signal("account", account.Id);
        return Done.Value;
    }
}

public sealed record EnableAccountRequest(Guid AccountId);

/// <summary>Lets a disabled account sign in again, with the roles and the password that it had.</summary>
public sealed class EnableAccount(CommandDoor door) : Command<EnableAccountRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageAccounts;

    protected override async Task<Result<Done>> ApplyAsync(EnableAccountRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var account = await context.Db.Set<Account>().SingleOrDefaultAsync(a => a.Id == request.AccountId, cancellationToken);
        if (account is null)
        {
            return new Error.NotFound("This account");
        }

        if (!account.IsDisabled)
        {
            return new Error.Conflict("This account is enabled already.");
        }

        var before = AccountState.Of(account);
        account.IsDisabled = false;
        LockOut.Clear(account);
        context.Audit("account.enable", "account", account.Id, before, AccountState.Of(account));
        context.Signal("account", account.Id);
        return Done.Value;
    }
}
