using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access;

public sealed record ChangeOwnPasswordRequest(string Current, string New);

/// <summary>
/// Sets a new password for whoever is signed in. Every other session of the account ends; the caller gets a new one. A wrong
/// current password counts towards the lock-out, so a stolen session cannot guess it; then the session is null.
/// </summary>
public sealed class ChangeOwnPassword(CommandDoor door, AccountManagers managers) : Command<ChangeOwnPasswordRequest, SignInResult>(door)
{
    public override Permission Permission => Permission.OwnAccount;

    protected override async Task<Result<SignInResult>> ApplyAsync(
        ChangeOwnPasswordRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (context.Actor.Kind != ActorKind.Person)
        {
            return new Error.Forbidden("Only a signed-in person has a password to change.");
        }

        var account = await context.Db.Set<Account>().SingleAsync(a => a.Id == context.Actor.Id, cancellationToken);
        if (PasswordRules.Fault(request.New, account.Email) is { } fault)
        {
            return new Error.Invalid("new", fault);
        }

        if (account.PasswordHash is null || LockOut.IsLocked(account, context.Now))
        {
            return new Error.Conflict("The password cannot be changed now. Wait 15 minutes, or ask an Admin for a sign-in link.");
        }

        using UserManager<Account> manager = managers.Over(context.Db);
        var before = AccountState.Of(account);
        if (request.Current.Length > PasswordRules.Longest
            || manager.PasswordHasher.VerifyHashedPassword(account, account.PasswordHash, request.Current) == PasswordVerificationResult.Failed)
        {
            var locked = LockOut.Fail(account, context.Now);
            context.Audit(locked ? "account.lock" : "account.change-password-refused", "account", account.Id, before, AccountState.Of(account));
            return new SignInResult(null);
        }

        account.PasswordHash = manager.PasswordHasher.HashPassword(account, request.New);
        LockOut.Clear(account);
        await manager.UpdateSecurityStampAsync(account);
        context.Audit("account.change-password", "account", account.Id, before, AccountState.Of(account));
        return new SignInResult(new SignedIn(account.Id, account.SecurityStamp!, context.Now, context.NewId()));
    }
}
