using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Access.Views;

/// <summary>Who sees a view, and who changes it.</summary>
internal static class ViewRules
{
    /// <summary>One's own, and those of teams whose things the actor sees.</summary>
    public static IQueryable<SavedView> Visible(GovernanceDb db, Actor actor)
    {
        var teams = actor.Teams.ToArray();
        var id = actor.Id;
        return actor.SeesAll
            ? db.Set<SavedView>().Where(v => v.AccountId == id || (v.TeamId != null && db.Set<Team>().Any(t => t.Id == v.TeamId)))
            : db.Set<SavedView>().Where(v => v.AccountId == id || (v.TeamId != null && teams.Contains(v.TeamId.Value)));
    }

    /// <summary>A view that the actor may change: their own; an Admin, also one that a team shares (its maker may have left).</summary>
    public static async Task<Result<SavedView>> FindAsync(CommandContext context, Guid id, CancellationToken cancellationToken)
    {
        var view = await Visible(context.Db, context.Actor).AsTracking().FirstOrDefaultAsync(v => v.Id == id, cancellationToken);
        return view is null ? new Error.NotFound("This view")
            : Mine(view, context.Actor) ? view
            : new Error.Forbidden("Only who made this view may change it, or an Admin. Save it under a name of your own instead.");
    }

    public static bool Mine(SavedView view, Actor actor) =>
        view.AccountId == actor.Id || (view.TeamId is not null && actor.Roles.HasFlag(Role.Admin));

    /// <summary>A team that the actor may share with: one that they are in, any for those who see all.</summary>
    public static async Task<Error?> RefusesTeamAsync(CommandContext context, Guid? team, CancellationToken cancellationToken) =>
        team is null || (context.Actor.Sees(team) && await context.Db.Set<Team>().AnyAsync(t => t.Id == team, cancellationToken))
            ? null
            : new Error.NotFound("This team");

    public static object State(SavedView view) => new { view.Page, view.Name, view.Query, view.TeamId };
}
