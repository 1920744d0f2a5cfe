using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

/// <param name="OnlyWhenNobodyIsThere">True at start-up: refused as soon as there is an account.</param>
public sealed record CreateAdminLinkRequest(bool OnlyWhenNobodyIsThere = false);

/// <summary>
/// A link for a new Admin, made by whoever runs the machine: at first start, and by the verb admin-link when nobody can sign in.
/// </summary>
public sealed class CreateAdminLink(CommandDoor door) : Command<CreateAdminLinkRequest, OneTimeLink>(door)
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public override Permission Permission => Permission.System;

    protected override async Task<Result<OneTimeLink>> ApplyAsync(
        CreateAdminLinkRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (request.OnlyWhenNobodyIsThere && await context.Db.Set<Account>().AnyAsync(cancellationToken))
        {
            return new Error.Conflict("There is an account already. Run the verb admin-link for a new Admin's link.");
        }

        return Links.Add(context, accountId: null, personId: null, Role.Admin, Lifetime, "link.admin");
    }
}

/// <summary>What the use cases that hand out links share.</summary>
internal static class Links
{
    public static OneTimeLink Add(CommandContext context, Guid? accountId, Guid? personId, Role roles, TimeSpan lifetime, string action)
    {
        var (secret, hash) = OneTimeSecret.Make();
        var link = new SignInLink
        {
            Id = context.NewId(),
            SecretHash = hash,
            AccountId = accountId,
            PersonId = personId,
            Roles = roles,
            CreatedAt = context.Now,
            ExpiresAt = Instants.ToMilliseconds(context.Now + lifetime),
        };
        context.Db.Add(link);
        context.Audit(action, "sign-in-link", link.Id, null, new { link.AccountId, link.PersonId, link.Roles, link.ExpiresAt });
        return new OneTimeLink(OneTimeLink.PathOf(secret), link.ExpiresAt);
    }

    /// <summary>Ends the unused links to the same account or person, so that one mislaid link does not outlive its successor.</summary>
    public static Task<int> EndOthersAsync(
        GovernanceDb db, Guid? accountId, Guid? personId, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.Set<SignInLink>().Where(l => l.UsedAt == null && l.AccountId == accountId && l.PersonId == personId)
            .ExecuteUpdateAsync(l => l.SetProperty(x => x.UsedAt, now), cancellationToken);
}
