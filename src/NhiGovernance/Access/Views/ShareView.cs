using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access.Views;

/// <param name="TeamId">Whose members see it too; null: its maker alone again.</param>
public sealed record ShareViewRequest(Guid Id, Guid? TeamId);

/// <summary>Shares a saved view with a team, or takes it back. A view holds no rows: each sees what their own rights show.</summary>
public sealed class ShareView(CommandDoor door) : Command<ShareViewRequest, Done>(door)
{
    public override Permission Permission => Permission.OwnViews;

    protected override async Task<Result<Done>> ApplyAsync(ShareViewRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var found = await ViewRules.FindAsync(context, request.Id, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        if (await ViewRules.RefusesTeamAsync(context, request.TeamId, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var view = found.Value;
        var before = ViewRules.State(view);
        view.TeamId = request.TeamId;
        context.Audit("view.share", "view", view.Id, before, ViewRules.State(view), $"{view.Page}, {view.Name}, {(view.TeamId is null ? "private" : "with a team")}");
        context.Signal("view", view.Id);
        return Done.Value;
    }
}
