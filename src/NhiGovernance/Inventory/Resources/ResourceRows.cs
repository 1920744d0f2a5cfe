using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Resources;

/// <summary>
/// The one place where a filter and an actor become resources. A resource answers to the team of its place; what has none is seen
/// by those who see all.
/// </summary>
internal static class ResourceRows
{
    public static IQueryable<Resource> Visible(GovernanceDb db, Actor actor)
    {
        var rows = db.Set<Resource>().AsNoTracking();
        if (actor.SeesAll)
        {
            return rows;
        }

        var teams = actor.Teams.ToArray();
        var places = db.Set<Place>().Where(p => p.TeamId != null && teams.Contains(p.TeamId.Value)).Select(p => p.Id);
        return rows.Where(r => places.Contains(r.PlaceId));
    }

    public static async Task<IQueryable<Resource>> MatchingAsync(
        QueryContext context, ResourceFilter filter, IDialect dialect, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var rows = States(Visible(db, context.Actor), filter.States);
        rows = Kinds(rows, filter.Kinds);
        if (!filter.Sources.IsAny)
        {
            var only = filter.Sources.Only.Select(Guid.Parse).ToArray();
            var not = filter.Sources.Not.Select(Guid.Parse).ToArray();
            rows = only.Length > 0 ? rows.Where(r => only.Contains(r.SourceId)) : rows.Where(r => !not.Contains(r.SourceId));
        }

        if (context.Actor.SeesAll)
        {
            rows = await TeamsAsync(db, rows, filter.Teams, cancellationToken);
            rows = PlacedRows.Products(db, rows, filter.Products);
            rows = PlacedRows.Services(db, rows, filter.Services);
            rows = PlacedRows.Environments(db, rows, filter.Environments);
        }
        else if (!(filter.Teams.IsAny && filter.Products.IsAny && filter.Services.IsAny && filter.Environments.IsAny))
        {
            // A team's places are few: what is left out of them is left out there, and not of all resources that there are.
            var places = PlacedRows.Places(db, context.Actor, filter.Teams, filter.Products, filter.Services, filter.Environments).Select(p => p.Id);
            rows = rows.Where(r => places.Contains(r.PlaceId));
        }

        rows = Risks(db, rows, filter.Risks);
        rows = Changed(rows, filter.Changed, context.Now);
        if (filter.Place.Length > 0)
        {
            var (path, within) = (filter.Place, filter.Place + "/");
            var places = db.Set<Place>().Where(p => p.Path == path || p.Path.StartsWith(within)).Select(p => p.Id);
            rows = rows.Where(r => places.Contains(r.PlaceId));
        }

        return filter.Text.Length == 0 ? rows : dialect.WhereContains(rows, r => r.SearchText, filter.Text);
    }

    private static IQueryable<Resource> States(IQueryable<Resource> rows, Choice states)
    {
        var admitted = Enum.GetValues<Presence>()
            .Where(p => states.Admits(p.ToString()) && (p != Presence.Retired || states.Only.Contains(p.ToString()))).ToArray();
        return rows.Where(r => admitted.Contains(r.Presence));
    }

    private static IQueryable<Resource> Kinds(IQueryable<Resource> rows, Choice kinds)
    {
        if (kinds.IsAny)
        {
            return rows;
        }

        var admitted = Enum.GetValues<ResourceKind>().Where(k => kinds.Admits(k.ToString())).ToArray();
        if (admitted is [var only])
        {
            // Said as one value: an index by kind and name then gives the rows in their order.
            return rows.Where(r => r.Kind == only);
        }

        return rows.Where(r => admitted.Contains(r.Kind));
    }

    private static async Task<IQueryable<Resource>> TeamsAsync(GovernanceDb db, IQueryable<Resource> rows, Choice teams, CancellationToken cancellationToken)
    {
        if (teams.IsAny)
        {
            return rows;
        }

        var isOnly = teams.Only.Count > 0;
        var named = isOnly ? teams.Only : teams.Not;
        var none = named.Contains(Choice.None);
        var ids = await db.Set<Team>().AsNoTracking().Where(t => named.Contains(t.Key)).Select(t => t.Id).ToArrayAsync(cancellationToken);
        var places = db.Set<Place>().Where(p => (none && p.TeamId == null) || (p.TeamId != null && ids.Contains(p.TeamId.Value))).Select(p => p.Id);
        return isOnly ? rows.Where(r => places.Contains(r.PlaceId)) : rows.Where(r => !places.Contains(r.PlaceId));
    }

    private static IQueryable<Resource> Risks(GovernanceDb db, IQueryable<Resource> rows, Choice risks)
    {
        if (risks.IsAny)
        {
            return rows;
        }

        var isOnly = risks.Only.Count > 0;
        var named = isOnly ? risks.Only : risks.Not;
        var mask = named.Contains(ResourceFilter.AnyRisk)
            ? Enum.GetValues<ReleaseRisk>().Aggregate((a, b) => a | b)
            : named.Where(n => n != Choice.None).Select(Enum.Parse<ReleaseRisk>).Aggregate(ReleaseRisk.None, (a, b) => a | b);
        Expression<Func<Resource, bool>>? has = mask == ReleaseRisk.None ? null : Has(db, mask);
        if (named.Contains(Choice.None))
        {
            var without = Not(Has(db, Enum.GetValues<ReleaseRisk>().Aggregate((a, b) => a | b)));
            has = has is null ? without : Or(has, without);
        }

        // Whoever has none is passed over by the index of those who have one.
        rows = isOnly && !named.Contains(Choice.None) ? rows.Where(r => r.Risks != 0) : rows;
        return rows.Where(isOnly ? has! : Not(has!));
    }

    /// <summary>Has one of these risks. What one row alone does not decide is asked of its neighbours, as <see cref="ReleaseRisks.Beside"/> does.</summary>
    internal static Expression<Func<Resource, bool>> Has(GovernanceDb db, ReleaseRisk risks)
    {
        var plain = (int)(risks & ~ReleaseRisks.Joint);
        var all = db.Set<Resource>();
        Expression<Func<Resource, bool>> test = r => (r.Risks & plain) != 0;
        foreach (var bit in Enum.GetValues<ReleaseRisk>().Where(j => j != ReleaseRisk.None && (ReleaseRisks.Joint & risks & j) != 0).Select(j => (int)j))
        {
            test = Or(test, r => r.Kind == ResourceKind.BranchProtection && (r.Risks & bit) != 0
                && !all.Any(o => o.PlaceId == r.PlaceId && o.Presence == Presence.Present && o.Kind == ResourceKind.BranchProtection && (o.Risks & bit) == 0));
        }

        return test;
    }

    private static IQueryable<Resource> Changed(IQueryable<Resource> rows, TimeFilter filter, DateTimeOffset now)
    {
        var date = new DateTimeOffset((filter.Date ?? DateOnly.MinValue).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var since = now.AddDays(-filter.Days);
        return filter.Test switch
        {
            TimeTest.Before => rows.Where(r => r.ChangedAt < date),
            TimeTest.After => rows.Where(r => r.ChangedAt >= date),
            TimeTest.Within => rows.Where(r => r.ChangedAt >= since),
            TimeTest.NotWithin => rows.Where(r => r.ChangedAt < since),
            _ => rows,
        };
    }

    private static Expression<Func<Resource, bool>> Not(Expression<Func<Resource, bool>> test) =>
        Expression.Lambda<Func<Resource, bool>>(Expression.Not(test.Body), test.Parameters);

    private static Expression<Func<Resource, bool>> Or(Expression<Func<Resource, bool>> one, Expression<Func<Resource, bool>> other) =>
        Expression.Lambda<Func<Resource, bool>>(
            Expression.OrElse(one.Body, new Swap(other.Parameters[0], one.Parameters[0]).Visit(other.Body)), one.Parameters);

    private sealed class Swap(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
