using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access.Views;

/// <param name="Page">"/identities".</param>
/// <param name="Query">The address's query; the page of rows and the open row are left out.</param>
/// <param name="TeamId">Whose members see it too; null: the person alone.</param>
public sealed record SaveViewRequest(string Page, string Name, string Query, Guid? TeamId = null);

/// <summary>Keeps a list's state under a name.</summary>
public sealed class SaveView(CommandDoor door) : Command<SaveViewRequest, Guid>(door)
{
    private const int Most = 50;

    public override Permission Permission => Permission.OwnViews;

    protected override async Task<Result<Guid>> ApplyAsync(SaveViewRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var query = ViewQuery.Normal(request.Query);
        if (ViewQuery.Faults(request.Name, request.Page, query) is { } invalid)
        {
            return invalid;
        }

        if (await ViewRules.RefusesTeamAsync(context, request.TeamId, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var me = context.Actor.Id;
        if (await context.Db.Set<SavedView>().CountAsync(v => v.AccountId == me && v.Page == request.Page, cancellationToken) >= Most)
        {
            return new Error.Invalid("name", $"A list keeps at most {Most} views of yours. Delete one first.");
        }

        var view = new SavedView
        {
            Id = context.NewId(), AccountId = me, Page = request.Page, Name = request.Name.Trim(), Query = query, TeamId = request.TeamId, CreatedAt = context.Now,
        };
        context.Db.Add(view);
        context.Audit("view.save", "view", view.Id, null, ViewRules.State(view), $"{view.Page}, {view.Name}");
        context.Signal("view", view.Id);
        return view.Id;
    }
}
