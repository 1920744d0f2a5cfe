using System.Text;
using Microsoft.AspNetCore.Identity;
using NhiGovernance.Common;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access;

public sealed record SignInRequest(string Email, string Password);

/// <summary><paramref name="Session"/> is null when the password was wrong: that, too, is kept and counted.</summary>
public sealed record SignInResult(SignedIn? Session);

/// <summary>
/// Proves a person by e-mail address and password. Whatever is wrong, the answer and the work are the same, and the audit log has it:
/// an unknown address as a keyed fingerprint, which tells two tries apart and cannot be read back. How often somebody may try is
/// limited by address at the edge, so the log cannot be filled from one place.
/// </summary>
public sealed class SignIn(CommandDoor door, AccountManagers managers, IPasswordHasher<Account> hasher, IFingerprinter fingerprinter)
    : Command<SignInRequest, SignInResult>(door)
{
    private static string? _decoy;

    public override Permission Permission => Permission.System;

    protected override async Task<Result<SignInResult>> ApplyAsync(SignInRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        using var manager = managers.Over(context.Db);
        var account = request.Email.Length is > 0 and <= 256 ? await manager.FindByEmailAsync(request.Email.Trim()) : null;
        var password = request.Password.Length <= PasswordRules.Longest ? request.Password : string.Empty;
        var verified = hasher.VerifyHashedPassword(account ?? Nobody(context.Now), account?.PasswordHash ?? Decoy(), password);
        var typed = await fingerprinter.ComputeAsync(Encoding.UTF8.GetBytes(request.Email.Trim().ToUpperInvariant()), cancellationToken);
        if (account?.PasswordHash is null || account.IsDisabled || LockOut.IsLocked(account, context.Now))
        {
            var state = account is null ? null : AccountState.Of(account);
            context.Audit("account.sign-in-refused", "account", account?.Id ?? Guid.Empty, state, state, account switch
            {
                null => $"unknown address, fingerprint {Convert.ToHexStringLower(typed.AsSpan(0, 6))}",
                { IsDisabled: true } => "the account is disabled",
                { PasswordHash: null } => "the account has no password",
                _ => "the account is locked",
            });
            return new SignInResult(null);
        }

        var before = AccountState.Of(account);
        if (await Leavers.IsAsync(context.Db, account.PersonId, cancellationToken))
        {
            // Kept, because somebody tried; answered like every other refusal.
            context.Audit("account.sign-in-refused", "account", account.Id, before, before, "the person has left");
            return new SignInResult(null);
        }

        if (verified == PasswordVerificationResult.Failed)
        {
            var locked = LockOut.Fail(account, context.Now);
            context.Audit(locked ? "account.lock" : "account.sign-in-refused", "account", account.Id, before, AccountState.Of(account));
            return new SignInResult(null);
        }

        if (verified == PasswordVerificationResult.SuccessRehashNeeded)
        {
            account.PasswordHash = hasher.HashPassword(account, password);
        }

        LockOut.Clear(account);
        account.LastSignInAt = context.Now;
        context.Audit("account.sign-in", "account", account.Id, before, AccountState.Of(account));
        return new SignInResult(new SignedIn(account.Id, account.SecurityStamp!, context.Now, context.NewId()));
    }

    /// <summary>Verified against when there is no account, so that an unknown address takes as long as a wrong password.</summary>
    private string Decoy() => _decoy ??= hasher.HashPassword(Nobody(DateTimeOffset.UnixEpoch), "a password that nobody has");

    private static Account Nobody(DateTimeOffset now) => new() { Id = Guid.Empty, PersonId = Guid.Empty, CreatedAt = now };
}

/// <summary>What the audit log digests of an account: nothing secret, nothing that can be guessed back.</summary>
internal sealed record AccountState(Role Roles, bool IsDisabled, int Failures, DateTimeOffset? LockedUntil, DateTimeOffset? LastSignInAt, string? Stamp)
{
    public static AccountState Of(Account a) =>
        new(a.Roles, a.IsDisabled, a.AccessFailedCount, a.LockoutEnd, a.LastSignInAt, a.SecurityStamp);
}
