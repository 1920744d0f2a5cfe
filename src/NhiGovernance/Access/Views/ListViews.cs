using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access.Views;

/// <param name="Page">"/identities"; null: those of every page that are the person's default.</param>
public sealed record ListViewsRequest(string? Page);

/// <param name="Query">Normal form; compare with <see cref="ViewQuery.Normal"/> of the address.</param>
/// <param name="Team">With whom it is shared; null: its maker alone.</param>
/// <param name="MayChange">Whether this person may rename, share and delete it.</param>
/// <param name="IsDefault">Whether the navigation opens it for this person.</param>
public sealed record SavedViewRow(
    Guid Id, string Page, string Name, string Query, Guid? TeamId, string? Team, bool MayChange, bool IsDefault, long Version)
{
    public string Href => ViewQuery.Href(Page, Query);
}

/// <summary>A list's saved views: one's own, then those that teams share, each by name.</summary>
public sealed class ListViews(QueryDoor door) : Query<ListViewsRequest, IReadOnlyList<SavedViewRow>>(door)
{
    private const int Most = 200;

    public override Permission Permission => Permission.OwnViews;

    protected override async Task<Result<IReadOnlyList<SavedViewRow>>> ReadAsync(
        ListViewsRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var me = context.Actor.Id;
        var defaults = context.Db.Set<DefaultView>().Where(d => d.AccountId == me);
        var visible = ViewRules.Visible(context.Db, context.Actor);
        visible = request.Page is { } page ? visible.Where(v => v.Page == page) : visible.Where(v => defaults.Any(d => d.ViewId == v.Id));
        var rows = await visible.OrderBy(v => v.AccountId == me ? 0 : 1).ThenBy(v => v.Name).ThenBy(v => v.Id).Take(Most)
            .Select(v => new
            {
                View = v,
                Team = context.Db.Set<Team>().Where(t => t.Id == v.TeamId).Select(t => t.Name).FirstOrDefault(),
                IsDefault = defaults.Any(d => d.ViewId == v.Id),
            }).ToListAsync(cancellationToken);
        return rows.Select(r => new SavedViewRow(
            r.View.Id, r.View.Page, r.View.Name, r.View.Query, r.Team is null ? null : r.View.TeamId, r.Team,
            ViewRules.Mine(r.View, context.Actor), r.IsDefault, r.View.Version)).ToArray();
    }
}
