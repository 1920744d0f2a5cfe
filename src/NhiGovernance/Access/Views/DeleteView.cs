using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access.Views;

public sealed record DeleteViewRequest(Guid Id);

/// <summary>Deletes a saved view; whoever had it as the default gets the plain list again.</summary>
public sealed class DeleteView(CommandDoor door) : Command<DeleteViewRequest, Done>(door)
{
    public override Permission Permission => Permission.OwnViews;

    protected override async Task<Result<Done>> ApplyAsync(DeleteViewRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var found = await ViewRules.FindAsync(context, request.Id, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var view = found.Value;
        await context.Db.Set<DefaultView>().Where(d => d.ViewId == view.Id).ExecuteDeleteAsync(cancellationToken);
        context.Db.Remove(view);
        context.Audit("view.delete", "view", view.Id, ViewRules.State(view), null, $"{view.Page}, {view.Name}");
        context.Signal("view", view.Id);
        return Done.Value;
    }
}
