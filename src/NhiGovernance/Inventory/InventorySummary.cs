using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <summary>A number and the filter that lists its rows.</summary>
public sealed record Figure(string Key, string Label, BoundedCount Count, IdentityFilter Filter);

/// <summary>How much of what could be known is known. <paramref name="Unknown"/> lists the rows with holes, where a filter can.</summary>
public sealed record CoverageFigure(string Key, string Label, long Known, long Of, IdentityFilter? Unknown)
{
    /// <summary>Null when there is nothing to know of.</summary>
    public double? Share => Of == 0 ? null : (double)Known / Of;
}

/// <summary>The inventory in numbers, as far as the actor sees it.</summary>
/// <param name="Total">Present and missing ones.</param>
public sealed record InventorySummaryResult(
    Figure Total,
    IReadOnlyList<Figure> Kinds,
    IReadOnlyList<Figure> States,
    Figure WithoutTeam,
    Figure AltersRelease,
    Figure Privileged,
    Figure Expired,
    Figure ExpiringIn30Days,
    Figure NotUsedIn90Days,
    Figure FirstSeenIn7Days,
    IReadOnlyList<CoverageFigure> Coverage,
    CoverageFigure Scopes);

public sealed record InventorySummaryRequest;

/// <summary>The overview's numbers; every one is a link to its rows.</summary>
public sealed class InventorySummary(QueryDoor door, IDialect dialect, CubeMemory memory) : Query<InventorySummaryRequest, InventorySummaryResult>(door)
{
    public override Permission Permission => Permission.ReadIdentities;

    protected override async Task<Result<InventorySummaryResult>> ReadAsync(
        InventorySummaryRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var (all, _) = await IdentityCube.ReadAsync(context, IdentityFilter.All, dialect, memory, cancellationToken);
        var cells = all.Where(c => c.Presence != Presence.Retired).ToArray();
        Figure Cube(string key, string label, Func<CubeCell, bool> test, IdentityFilter filter) =>
            new(key, label, Bounded(cells.Where(test).Sum(c => c.Count)), filter);
        async Task<Figure> Counted(string key, string label, IdentityFilter filter) => new(
            key, label,
            await Counting.BoundedAsync(
                await IdentityRows.MatchingAsync(context.Db, context.Actor, filter, context.Now, dialect, cancellationToken), cancellationToken),
            filter);

        var total = cells.Sum(c => c.Count);
        return new InventorySummaryResult(
            Cube("total", "Identities", _ => true, IdentityFilter.All),
            cells.GroupBy(c => c.Kind).Select(g => Cube(g.Key.ToString(), g.Key.ToString(), c => c.Kind == g.Key, new() { Kinds = Choice.Of(g.Key.ToString()) }))
                .OrderByDescending(f => f.Count.Value).ThenBy(f => f.Key, StringComparer.Ordinal).ToArray(),
            Enum.GetValues<Presence>().Select(p => new Figure(
                p.ToString(), p.ToString(), Bounded(all.Where(c => c.Presence == p).Sum(c => c.Count)), new() { States = Choice.Of(p.ToString()) })).ToArray(),
            Cube("withoutTeam", "No team", c => c.TeamId is null, new() { Teams = Choice.Of(Choice.None) }),
            Cube("altersRelease", "Can alter a release", c => c.AltersRelease, new() { AltersRelease = true }),
            Cube("privileged", "Privileged", c => c.Privileged, new() { Privileged = true }),
            await Counted("expired", "Expired", new() { Expires = new(TimeTest.Past) }),
            await Counted("expiring", "Expires in 30 days", new() { Expires = new(TimeTest.Within, Days: 30) }),
            await Counted("unused", "Not used in 90 days", new() { LastUsed = new(TimeTest.NotWithin, Days: 90) }),
            await Counted("new", "First seen in 7 days", new() { FirstSeen = new(TimeTest.Within, Days: 7) }),
            [
                new("lastUsed", "Last use known", Known(cells, c => c.LastUsedState), total, new() { LastUsed = new(TimeTest.Unknown) }),
                new("expires", "Expiry known", Known(cells, c => c.ExpiresState), total, new() { Expires = new(TimeTest.Unknown) }),
                new("team", "Team known", cells.Where(c => c.TeamId is not null).Sum(c => c.Count), total, new() { Teams = Choice.Of(Choice.None) }),
            ],
            await ScopesAsync(context, cancellationToken));
    }

    private static long Known(IEnumerable<CubeCell> cells, Func<CubeCell, Knowledge> state) =>
        cells.Where(c => state(c) is Knowledge.Value or Knowledge.Never).Sum(c => c.Count);

    private static BoundedCount Bounded(long count) => new((int)Math.Min(count, BoundedCount.Limit + 1));

    private static async Task<CoverageFigure> ScopesAsync(QueryContext context, CancellationToken cancellationToken)
    {
        // Who sees their teams' things alone is told of the lists that those stand in: other lists' holes hide nothing of theirs
        // that is known, and say how much others have.
        var scopes = context.Db.Set<SourceScope>().Where(SourceScope.IsAskedFor);
        if (!context.Actor.SeesAll)
        {
            var visible = IdentityRows.Visible(context.Db, context.Actor);
            scopes = scopes.Where(s => visible.Any(i => i.ScopeId == s.Id));
        }

        var outcomes = await (
            from scope in scopes
            join source in context.Db.Set<Source>() on scope.SourceId equals source.Id
            where source.RemovedAt == null && scope.LastOutcome != ScopeOutcome.NotAvailable
            group scope by scope.LastOutcome into g
            select new { Outcome = g.Key, Count = g.LongCount() }).ToListAsync(cancellationToken);
        return new CoverageFigure(
            "scopes", "Lists read to their end", outcomes.Where(o => o.Outcome is ScopeOutcome.Complete or ScopeOutcome.Unchanged).Sum(o => o.Count),
            outcomes.Sum(o => o.Count), Unknown: null);
    }
}
