using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Access;

public sealed record SetAccountRolesRequest(Guid AccountId, Role Roles, long Version);

/// <summary>Gives an account its roles. Nobody changes their own, and the last Admin stays one.</summary>
public sealed class SetAccountRoles(CommandDoor door, IDialect dialect) : Command<SetAccountRolesRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageAccounts;

    protected override async Task<Result<Done>> ApplyAsync(SetAccountRolesRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (!AccountRoles.AreValid(request.Roles))
        {
            return new Error.Invalid("roles", "Choose at least one role. To take away all, disable the account.");
        }

        await Admins.LockAsync(dialect, context.Db, cancellationToken);
        var account = await context.Db.Set<Account>().SingleOrDefaultAsync(a => a.Id == request.AccountId, cancellationToken);
        if (account is null)
        {
            return new Error.NotFound("This account");
        }

        if (account.Version != request.Version)
        {
            return new Error.Conflict("Somebody changed this account meanwhile. Load it again and repeat your change.");
        }

        if (account.Id == context.Actor.Id)
        {
            return new Error.Forbidden("You cannot change your own roles. Another Admin can.");
        }

        if (!request.Roles.HasFlag(Role.Admin) && await Admins.IsLastAsync(context.Db, account, cancellationToken))
        {
            return new Error.Conflict("This is the last Admin. Make another account an Admin first.");
        }

        if (account.Roles == request.Roles)
        {
            return new Error.Invalid("roles", "The account has these roles already.");
        }

        var before = AccountState.Of(account);
        var note = $"roles {account.Roles} to {request.Roles}";
        account.Roles = request.Roles;
        context.Audit("account.set-roles", "account", account.Id, before, AccountState.Of(account), note);
        context.Signal("account", account.Id);
        return Done.Value;
    }
}

/// <summary>Guards the last Admin: two Admins who demote each other at the same moment take turns.</summary>
internal static class Admins
{
    public static Task LockAsync(IDialect dialect, GovernanceDb db, CancellationToken cancellationToken) =>
        dialect.LockAsync(db, "access-admins", cancellationToken);

    /// <summary>Those who can sign in.</summary>
    public static IQueryable<Account> Active(GovernanceDb db) =>
        db.Set<Account>().Where(a => !a.IsDisabled && a.Person!.Status != PersonStatus.Left && (a.Roles & Role.Admin) == Role.Admin);

    public static async Task<bool> IsLastAsync(GovernanceDb db, Account account, CancellationToken cancellationToken) =>
        account is { IsDisabled: false } && account.Roles.HasFlag(Role.Admin) && !await Active(db).AnyAsync(a => a.Id != account.Id, cancellationToken);
}
