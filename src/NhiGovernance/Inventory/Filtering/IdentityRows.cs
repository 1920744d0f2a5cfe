using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Filtering;

/// <summary>
/// The one place where a filter and an actor become rows. Every list, count, facet, export and bulk command starts here, so
/// that none of them can show what another hides.
/// </summary>
internal static class IdentityRows
{
    private static readonly Knowledge[] Unknowns = [Knowledge.NotExposed, Knowledge.Denied, Knowledge.UnknownBefore, Knowledge.Redacted];

    /// <summary>What the actor may see.</summary>
    public static IQueryable<Identity> Visible(GovernanceDb db, Actor actor)
    {
        var rows = db.Set<Identity>().AsNoTracking();
        if (actor.SeesAll)
        {
            return rows;
        }

        var teams = actor.Teams.ToArray();
        return rows.Where(i => i.TeamId != null && teams.Contains(i.TeamId.Value));
    }

    /// <summary>What the actor may see and the filter asks for.</summary>
    public static async Task<IQueryable<Identity>> MatchingAsync(
        GovernanceDb db, Actor actor, IdentityFilter filter, DateTimeOffset now, IDialect dialect, CancellationToken cancellationToken)
    {
        var rows = Visible(db, actor);
        rows = Presence(rows, filter.States);
        rows = Kinds(rows, filter.Kinds);
        rows = await SourcesAsync(db, rows, filter, cancellationToken);
        rows = await TeamsAsync(db, rows, filter.Teams, cancellationToken);
        rows = PlacedRows.Products(db, rows, filter.Products);
        rows = PlacedRows.Services(db, rows, filter.Services);
        rows = PlacedRows.Environments(db, rows, filter.Environments);
        rows = LastUsed(rows, filter.LastUsed, now);
        rows = Expires(rows, filter.Expires, now);
        rows = FirstSeen(rows, filter.FirstSeen, now);
        rows = Flag(rows, filter.Disabled, i => i.Disabled);
        rows = Flag(rows, filter.AltersRelease, i => i.AltersRelease);
        rows = Flag(rows, filter.Privileged, i => i.Privileged);
        return filter.Text.Length == 0 ? rows : dialect.WhereContains(rows, i => i.SearchText, filter.Text);
    }

    private static IQueryable<Identity> Presence(IQueryable<Identity> rows, Choice states)
    {
        var admitted = Enum.GetValues<Presence>()
            .Where(p => states.Admits(p.ToString()) && (p != Sources.Contract.Presence.Retired || states.Only.Contains(p.ToString()))).ToArray();
        return rows.Where(i => admitted.Contains(i.Presence));
    }

    private static IQueryable<Identity> Kinds(IQueryable<Identity> rows, Choice choice)
    {
        var only = KindsOf(choice);
        if (only is [var kind])
        {
            // Said as one value: the index by kind and name then gives the rows in their order, past no other kind.
            return rows.Where(i => i.Kind == kind);
        }

        var not = choice.Not.Select(Enum.Parse<IdentityKind>).ToArray();
        return only.Length > 0 ? rows.Where(i => only.Contains(i.Kind)) : not.Length > 0 ? rows.Where(i => !not.Contains(i.Kind)) : rows;
    }

    /// <summary>The kinds that a filter names.</summary>
    public static IdentityKind[] KindsOf(Choice choice) => [.. choice.Only.Select(Enum.Parse<IdentityKind>).Distinct()];

    private static async Task<IQueryable<Identity>> SourcesAsync(
        GovernanceDb db, IQueryable<Identity> rows, IdentityFilter filter, CancellationToken cancellationToken)
    {
        if (filter.Sources.IsAny && filter.Providers.IsAny)
        {
            return rows;
        }

        // Sources are few; resolving both choices to ids lets one index serve them.
        var sources = await db.Set<Source>().AsNoTracking().Select(s => new { s.Id, s.ConnectorKey }).ToListAsync(cancellationToken);
        var ids = sources.Where(s => filter.Sources.Admits(s.Id.ToString()) && filter.Providers.Admits(s.ConnectorKey)).Select(s => s.Id).ToArray();
        return rows.Where(i => ids.Contains(i.SourceId));
    }

    private static async Task<IQueryable<Identity>> TeamsAsync(
        GovernanceDb db, IQueryable<Identity> rows, Choice teams, CancellationToken cancellationToken)
    {
        if (teams.IsAny)
        {
            return rows;
        }

        var named = teams.Only.Count > 0 ? teams.Only : teams.Not;
        var none = named.Contains(Choice.None);
        var ids = await db.Set<Team>().AsNoTracking().Where(t => named.Contains(t.Key)).Select(t => t.Id).ToArrayAsync(cancellationToken);
        return (teams.Only.Count > 0, none, ids.Length > 0) switch
        {
            (true, true, false) => rows.Where(i => i.TeamId == null),
            (true, true, true) => rows.Where(i => i.TeamId == null || ids.Contains(i.TeamId.Value)),
            (true, false, _) => rows.Where(i => i.TeamId != null && ids.Contains(i.TeamId.Value)),
            (false, true, false) => rows.Where(i => i.TeamId != null),
            (false, true, true) => rows.Where(i => i.TeamId != null && !ids.Contains(i.TeamId.Value)),
            (false, false, _) => rows.Where(i => i.TeamId == null || !ids.Contains(i.TeamId.Value)),
        };
    }

    private static IQueryable<Identity> LastUsed(IQueryable<Identity> rows, TimeFilter filter, DateTimeOffset now)
    {
        var (date, since) = (Start(filter), now.AddDays(-filter.Days));
        return filter.Test switch
        {
            TimeTest.Any => rows,
            TimeTest.Before => rows.Where(i => i.LastUsedAt < date),
            TimeTest.After => rows.Where(i => i.LastUsedAt >= date),
            TimeTest.Within => rows.Where(i => i.LastUsedAt >= since),
            TimeTest.NotWithin => rows.Where(i => i.LastUsedAt < since || i.LastUsedState == Knowledge.Never),
            TimeTest.Past => rows.Where(i => i.LastUsedAt != null),
            TimeTest.Never => rows.Where(i => i.LastUsedState == Knowledge.Never),
            TimeTest.Unknown => rows.Where(i => Unknowns.Contains(i.LastUsedState)),
            _ => throw new InvalidOperationException($"No rows for {filter.Test}."),
        };
    }

    private static IQueryable<Identity> Expires(IQueryable<Identity> rows, TimeFilter filter, DateTimeOffset now)
    {
        var (date, until) = (Start(filter), now.AddDays(filter.Days));
        return filter.Test switch
        {
            TimeTest.Any => rows,
            TimeTest.Before => rows.Where(i => i.ExpiresAt < date),
            TimeTest.After => rows.Where(i => i.ExpiresAt >= date),
            TimeTest.Within => rows.Where(i => i.ExpiresAt >= now && i.ExpiresAt < until),
            TimeTest.NotWithin => rows.Where(i => i.ExpiresAt >= until),
            TimeTest.Past => rows.Where(i => i.ExpiresAt < now),
            TimeTest.Never => rows.Where(i => i.ExpiresState == Knowledge.Never),
            TimeTest.Unknown => rows.Where(i => Unknowns.Contains(i.ExpiresState)),
            _ => throw new InvalidOperationException($"No rows for {filter.Test}."),
        };
    }

    private static IQueryable<Identity> FirstSeen(IQueryable<Identity> rows, TimeFilter filter, DateTimeOffset now)
    {
        var (date, since) = (Start(filter), now.AddDays(-filter.Days));
        return filter.Test switch
        {
            TimeTest.Before => rows.Where(i => i.FirstSeenAt < date),
            TimeTest.After => rows.Where(i => i.FirstSeenAt >= date),
            TimeTest.Within => rows.Where(i => i.FirstSeenAt >= since),
            TimeTest.NotWithin => rows.Where(i => i.FirstSeenAt < since),
            _ => rows,
        };
    }

    private static IQueryable<Identity> Flag(IQueryable<Identity> rows, bool? wanted, Expression<Func<Identity, bool>> flag) => wanted switch
    {
        null => rows,
        true => rows.Where(flag),
        false => rows.Where(Expression.Lambda<Func<Identity, bool>>(Expression.Not(flag.Body), flag.Parameters)),
    };

    private static DateTimeOffset Start(TimeFilter filter) =>
        new((filter.Date ?? DateOnly.MinValue).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
