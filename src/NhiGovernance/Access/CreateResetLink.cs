using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access;

public sealed record CreateResetLinkRequest(Guid AccountId);

/// <summary>A link by which somebody who cannot sign in chooses a new password. Ends the earlier links to this account.</summary>
public sealed class CreateResetLink(CommandDoor door) : Command<CreateResetLinkRequest, OneTimeLink>(door)
{
    public override Permission Permission => Permission.ManageAccounts;

    protected override async Task<Result<OneTimeLink>> ApplyAsync(
        CreateResetLinkRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var account = await context.Db.Set<Account>().SingleOrDefaultAsync(a => a.Id == request.AccountId, cancellationToken);
        if (account is null)
        {
            return new Error.NotFound("This account");
        }

        if (account.IsDisabled)
        {
            return new Error.Conflict("This account is disabled. Enable it first.");
        }

        await Links.EndOthersAsync(context.Db, account.Id, null, context.Now, cancellationToken);
        return Links.Add(context, account.Id, personId: null, Role.None, CreateAdminLink.Lifetime, "link.reset");
    }
}
