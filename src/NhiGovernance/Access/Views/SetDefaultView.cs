using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access.Views;

/// <param name="Page">"/identities".</param>
/// <param name="ViewId">One that the person may see; null: the plain list again.</param>
public sealed record SetDefaultViewRequest(string Page, Guid? ViewId);

/// <summary>Says which view the navigation opens for the person. A link to the plain list still shows the plain list.</summary>
public sealed class SetDefaultView(CommandDoor door) : Command<SetDefaultViewRequest, Done>(door)
{
    public override Permission Permission => Permission.OwnViews;

    protected override async Task<Result<Done>> ApplyAsync(SetDefaultViewRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (request.ViewId is { } id
            && !await ViewRules.Visible(context.Db, context.Actor).AnyAsync(v => v.Id == id && v.Page == request.Page, cancellationToken))
        {
            return new Error.NotFound("This view");
        }

        var me = context.Actor.Id;
        var now = await context.Db.Set<DefaultView>().FirstOrDefaultAsync(d => d.AccountId == me && d.Page == request.Page, cancellationToken);
        var before = now?.ViewId;
        if (request.ViewId is not { } wanted)
        {
            if (now is not null)
            {
                context.Db.Remove(now);
            }
        }
        else if (now is null)
        {
            context.Db.Add(new DefaultView { AccountId = me, Page = request.Page, ViewId = wanted });
        }
        else
        {
            now.ViewId = wanted;
        }

        context.Audit("view.default", "view", request.ViewId ?? before ?? Guid.Empty, new { ViewId = before }, new { request.ViewId }, request.Page);
        context.Signal("view", request.ViewId ?? Guid.Empty);
        return Done.Value;
    }
}
