using System.Net.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Access;

/// <param name="Name">Asked of a new Admin only.</param>
/// <param name="Email">Asked of a new Admin only.</param>
public sealed record UseSignInLinkRequest(string Secret, string? Name, string? Email, string Password);

/// <summary>
/// Uses a link up: makes the account, or sets its new password, and signs in. Of several at once exactly one succeeds; when
/// what was entered is refused, the link stays good.
/// </summary>
public sealed class UseSignInLink(CommandDoor door, AccountManagers managers) : Command<UseSignInLinkRequest, SignedIn>(door)
{
    public override Permission Permission => Permission.System;

    protected override async Task<Result<SignedIn>> ApplyAsync(
        UseSignInLinkRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var hash = OneTimeSecret.HashOf(request.Secret);
        var link = hash is null ? null : await context.Db.Set<SignInLink>().AsNoTracking().SingleOrDefaultAsync(l => l.SecretHash == hash, cancellationToken);

        // One statement decides who was first; the row stays locked until the commit, and a refusal below gives it back.
        if (link is null || await context.Db.Set<SignInLink>()
            .Where(l => l.Id == link.Id && l.UsedAt == null && l.ExpiresAt > context.Now)
            .ExecuteUpdateAsync(l => l.SetProperty(x => x.UsedAt, context.Now), cancellationToken) != 1)
        {
            return new Error.NotFound("This link");
        }

        using var manager = managers.Over(context.Db);
        var account = link.AccountId is { } id
            ? await ResetAsync(manager, id, request.Password, context, cancellationToken)
            : await CreateAsync(manager, link, request, context, cancellationToken);
        if (!account.IsOk)
        {
            return account.Error;
        }

        await Links.EndOthersAsync(context.Db, link.AccountId, link.PersonId, context.Now, cancellationToken);
        return new SignedIn(account.Value.Id, account.Value.SecurityStamp!, context.Now, context.NewId());
    }

    private static async Task<Result<Account>> ResetAsync(
        UserManager<Account> manager, Guid id, string password, CommandContext context, CancellationToken cancellationToken)
    {
        var account = await context.Db.Set<Account>().SingleOrDefaultAsync(a => a.Id == id && !a.IsDisabled, cancellationToken);
        if (account is null || await Leavers.IsAsync(context.Db, account.PersonId, cancellationToken))
        {
            return new Error.NotFound("This link");
        }

        var before = AccountState.Of(account);
        if (PasswordRules.Fault(password, account.Email) is { } fault)
        {
            return new Error.Invalid("password", fault);
        }

        account.PasswordHash = manager.PasswordHasher.HashPassword(account, password);
        LockOut.Clear(account);
        account.LastSignInAt = context.Now;
        await manager.UpdateSecurityStampAsync(account);
        context.Audit("account.reset-password", "account", account.Id, before, AccountState.Of(account));
        return account;
    }

    private static async Task<Result<Account>> CreateAsync(
        UserManager<Account> manager, SignInLink link, UseSignInLinkRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var person = await PersonAsync(link, request, context, cancellationToken);
        if (!person.IsOk)
        {
            return person.Error;
        }

        var account = new Account
        {
            Id = context.NewId(),
            PersonId = person.Value.Id,
            UserName = person.Value.Email,
            Email = person.Value.Email,
            EmailConfirmed = true,
            Roles = link.Roles,
            CreatedAt = context.Now,
            LastSignInAt = context.Now,
        };
        var created = await manager.CreateAsync(account, request.Password);
        if (!created.Succeeded)
        {
            return PasswordRules.ToError(created);
        }

        context.Audit("account.create", "account", account.Id, null, AccountState.Of(account), $"roles {link.Roles}");
        return account;
    }

    private static async Task<Result<Person>> PersonAsync(
        SignInLink link, UseSignInLinkRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (link.PersonId is { } id)
        {
            // The person may have been merged into another one since.
            return await context.Db.Set<Person>().SingleOrDefaultAsync(p => p.Id == id, cancellationToken) is { Email: not null, Status: not PersonStatus.Left } invited
                ? invited
                : new Error.Conflict("This invitation is for a person who is not there any more. Ask an Admin for a new one.");
        }

        var faults = new List<FieldFault>();
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Trim().Length > 200)
        {
            faults.Add(new FieldFault("name", "Enter your name: up to 200 characters."));
        }

        if (!MailAddress.TryCreate(request.Email, out var address) || address.Address.Length > 256)
        {
            faults.Add(new FieldFault("email", "Enter an e-mail address."));
        }

        if (PasswordRules.Fault(request.Password, request.Email) is { } fault)
        {
            faults.Add(new FieldFault("password", fault));
        }

        if (faults.Count > 0)
        {
            return new Error.Invalid(faults);
        }

        var email = address!.Address.ToLowerInvariant();
        var person = await context.Db.Set<Person>().SingleOrDefaultAsync(p => p.Email == email, cancellationToken);
        if (person is { Status: PersonStatus.Left })
        {
            return new Error.Conflict("The person with this address is marked as left. Use another address, or mark them active first.");
        }

        if (person is null)
        {
            person = new Person { Id = context.NewId(), Name = request.Name!.Trim(), Email = email };
            context.Db.Add(person);
            context.Audit("person.create", "person", person.Id, null, new { person.Id });
        }

        return person;
    }
}
