using System.Net.Mail;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access;

/// <param name="Email">Whom the account is for. A person of the catalogue with this address is taken; otherwise one is made.</param>
/// <param name="Name">Needed for a new person only.</param>
public sealed record InviteAccountRequest(string Email, string? Name, Role Roles);

/// <summary>A link, good for 7 days, by which a person makes their account with these roles. Told once, to whoever invites.</summary>
public sealed class InviteAccount(CommandDoor door) : Command<InviteAccountRequest, OneTimeLink>(door)
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public override Permission Permission => Permission.ManageAccounts;

    protected override async Task<Result<OneTimeLink>> ApplyAsync(
        InviteAccountRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (!MailAddress.TryCreate(request.Email, out var address) || address.Address.Length > 256)
        {
            return new Error.Invalid("email", "Enter an e-mail address.");
        }

        if (!AccountRoles.AreValid(request.Roles))
        {
            return new Error.Invalid("roles", "Choose at least one role.");
        }

        var email = address.Address.ToLowerInvariant();
        var person = await context.Db.Set<Person>().SingleOrDefaultAsync(p => p.Email == email, cancellationToken);
        if (person is not null && await context.Db.Set<Account>().AnyAsync(a => a.PersonId == person.Id, cancellationToken))
        {
            return new Error.Conflict("This person has an account already.");
        }

        if (person is null)
        {
            if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Trim().Length > 200)
            {
                return new Error.Invalid("name", "Enter the person's name: up to 200 characters.");
            }

            person = new Person { Id = context.NewId(), Name = request.Name.Trim(), Email = email };
            context.Db.Add(person);
            context.Audit("person.create", "person", person.Id, null, new { person.Id });
        }

        await Links.EndOthersAsync(context.Db, null, person.Id, context.Now, cancellationToken);
        return Links.Add(context, accountId: null, person.Id, request.Roles, Lifetime, "account.invite");
    }
}

public static class AccountRoles
{
    /// <summary>Every single role, in the order in which pages show them.</summary>
    public static IReadOnlyList<Role> All { get; } = [Role.Executive, Role.Owner, Role.Approver, Role.Engineer, Role.Auditor, Role.Admin];

    internal static bool AreValid(Role roles) => roles != Role.None && (roles & ~Role.Anyone) == 0;
}
