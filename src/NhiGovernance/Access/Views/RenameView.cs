using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access.Views;

/// <param name="Version">The version that was read; null to change it whatever it is now.</param>
public sealed record RenameViewRequest(Guid Id, string Name, long? Version = null);

/// <summary>Gives a saved view another name.</summary>
public sealed class RenameView(CommandDoor door) : Command<RenameViewRequest, Done>(door)
{
    public override Permission Permission => Permission.OwnViews;

    protected override async Task<Result<Done>> ApplyAsync(RenameViewRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (ViewQuery.Faults(request.Name) is { } invalid)
        {
            return invalid;
        }

        var found = await ViewRules.FindAsync(context, request.Id, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var view = found.Value;
        if (request.Version is { } read && read != view.Version)
        {
            return new Error.Conflict("Somebody changed this view meanwhile. Load it again and repeat your change.");
        }

        var before = ViewRules.State(view);
        view.Name = request.Name.Trim();
        context.Audit("view.rename", "view", view.Id, before, ViewRules.State(view), $"{view.Page}, {view.Name}");
        context.Signal("view", view.Id);
        return Done.Value;
    }
}
