using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

public sealed record PeekSignInLinkRequest(string Secret);

/// <summary>What a link asks its user for.</summary>
/// <param name="AsksWho">True for a new Admin's link: name and address are not known yet.</param>
/// <param name="Email">The address of the account that the link opens or makes.</param>
/// <param name="IsNew">True when the link makes an account, false when it sets a new password.</param>
public sealed record SignInLinkView(bool AsksWho, string? Email, bool IsNew, DateTimeOffset ExpiresAt);

/// <summary>Looks at a link without using it up: mail scanners open links, people confirm them.</summary>
public sealed class PeekSignInLink(QueryDoor door, IDialect dialect) : Query<PeekSignInLinkRequest, SignInLinkView>(door)
{
    public override Permission Permission => Permission.System;

    protected override async Task<Result<SignInLinkView>> ReadAsync(
        PeekSignInLinkRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        if (OneTimeSecret.HashOf(request.Secret) is not { } hash)
        {
            return new Error.NotFound("This link");
        }

        var now = await dialect.NowAsync(context.Db, cancellationToken);
        var link = await context.Db.Set<SignInLink>()
            .Where(l => l.SecretHash == hash && l.UsedAt == null && l.ExpiresAt > now)
            .Select(l => new
            {
                l.AccountId,
                l.PersonId,
                l.ExpiresAt,
                AccountEmail = context.Db.Set<Account>().Where(a => a.Id == l.AccountId).Select(a => a.Email).SingleOrDefault(),
                PersonEmail = context.Db.Set<Person>().Where(p => p.Id == l.PersonId).Select(p => p.Email).SingleOrDefault(),
            })
            .SingleOrDefaultAsync(cancellationToken);
        return link is null
            ? new Error.NotFound("This link")
            : new SignInLinkView(link.AccountId is null && link.PersonId is null, link.AccountEmail ?? link.PersonEmail, link.AccountId is null, link.ExpiresAt);
    }
}
