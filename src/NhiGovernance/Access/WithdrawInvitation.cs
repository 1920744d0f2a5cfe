using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access;

/// <param name="PersonId">Who was invited.</param>
public sealed record WithdrawInvitationRequest(Guid PersonId);

/// <summary>Ends the open invitation of a person: its link opens nothing any more.</summary>
public sealed class WithdrawInvitation(CommandDoor door) : Command<WithdrawInvitationRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageAccounts;

    protected override async Task<Result<Done>> ApplyAsync(
        WithdrawInvitationRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (await Links.EndOthersAsync(context.Db, null, request.PersonId, context.Now, cancellationToken) == 0)
        {
            return new Error.NotFound("An open invitation of this person");
        }

        context.Audit("account.withdraw-invitation", "person", request.PersonId, null, null);
        context.Signal("account", request.PersonId);
        return Done.Value;
    }
}
