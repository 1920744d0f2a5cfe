using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <summary>A number and the filter that lists its rows.</summary>
public sealed record Figure(string Key, string Label, BoundedCount Count, IdentityFilter Filter);

/// <summary>How much of what could be known is known. <paramref name="Unknown"/> lists the rows with holes, where a filter can.</summary>
/// <param name="Unsure">What is not known either, and may belong to it or not; <paramref name="Of"/> is without it.</param>
public sealed record CoverageFigure(string Key, string Label, long Known, long Of, IdentityFilter? Unknown, long Unsure = 0)
{
    /// <summary>What there may be to know of.</summary>
    public long AtMost => Of + Unsure;

    /// <summary>At least this much is known; exact where nothing is unsure. Null when there is nothing to know of.</summary>
    public double? Share => AtMost == 0 ? null : (double)Known / AtMost;
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

/// <param name="Within">Team, product, service and environment of it; null: all. Every figure's filter lists its rows within it.</param>
public sealed record InventorySummaryRequest(IdentityFilter? Within = null);

/// <summary>The overview's numbers; every one is a link to its rows.</summary>
public sealed class InventorySummary(QueryDoor door, IDialect dialect, CountMemory memory) : Query<InventorySummaryRequest, InventorySummaryResult>(door)
{
    public override Permission Permission => Permission.ReadIdentities;

    protected override async Task<Result<InventorySummaryResult>> ReadAsync(
        InventorySummaryRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var within = (request.Within ?? IdentityFilter.All).Belonging();
        var all = await CellsAsync(context, within, cancellationToken);
        var cells = all.Where(c => c.Presence != Presence.Retired).ToArray();

        // Of one team nothing is without a team: the link then stays with the team's own rows.
        var teamless = within.Teams.IsAny || within.Teams.Admits(Choice.None) ? within with { Teams = Choice.Of(Choice.None) } : within;
        Figure Cube(string key, string label, Func<CubeCell, bool> test, IdentityFilter filter) =>
            new(key, label, Bounded(cells.Where(test).Sum(c => c.Count)), filter);
        async Task<Figure> Counted(string key, string label, IdentityFilter filter) => new(
            key, label,
            await Counting.BoundedAsync(
                await IdentityRows.MatchingAsync(context.Db, context.Actor, filter, context.Now, dialect, cancellationToken), cancellationToken),
            filter);

        var total = cells.Sum(c => c.Count);
        return new InventorySummaryResult(
            Cube("total", "Identities", _ => true, within),
            cells.GroupBy(c => c.Kind).Select(g => Cube(g.Key.ToString(), g.Key.ToString(), c => c.Kind == g.Key, within with { Kinds = Choice.Of(g.Key.ToString()) }))
                .OrderByDescending(f => f.Count.Value).ThenBy(f => f.Key, StringComparer.Ordinal).ToArray(),
            Enum.GetValues<Presence>().Select(p => new Figure(
                p.ToString(), p.ToString(), Bounded(all.Where(c => c.Presence == p).Sum(c => c.Count)), within with { States = Choice.Of(p.ToString()) })).ToArray(),
            Cube("withoutTeam", "No team", c => c.TeamId is null, teamless),
            Cube("altersRelease", "Can alter a release", c => c.AltersRelease, within with { AltersRelease = true }),
            Cube("privileged", "Privileged", c => c.Privileged, within with { Privileged = true }),
            await Counted("expired", "Expired", within with { Expires = new(TimeTest.Past) }),
            await Counted("expiring", "Expires in 30 days", within with { Expires = new(TimeTest.Within, Days: 30) }),
            await Counted("unused", "Not used in 90 days", within with { LastUsed = new(TimeTest.NotWithin, Days: 90) }),
            await Counted("new", "First seen in 7 days", within with { FirstSeen = new(TimeTest.Within, Days: 7) }),
            [
                new("lastUsed", "Last use known", Known(cells, c => c.LastUsedState), total, within with { LastUsed = new(TimeTest.Unknown) }),
                new("expires", "Expiry known", Known(cells, c => c.ExpiresState), total, within with { Expires = new(TimeTest.Unknown) }),
                new("team", "Team known", cells.Where(c => c.TeamId is not null).Sum(c => c.Count), total, teamless),
            ],
            await ListsAsync(context, within, cancellationToken));
    }

    /// <summary>
    /// All cells as remembered, of the wanted teams; or, where places decide, the cells of just those rows.
    /// </summary>
    private async Task<IReadOnlyList<CubeCell>> CellsAsync(QueryContext context, IdentityFilter within, CancellationToken cancellationToken)
    {
        if (!(within with { Teams = Choice.Any }).IsAll)
        {
            var rows = await IdentityRows.MatchingAsync(
                context.Db, context.Actor, within with { States = Choice.Of(Enum.GetNames<Presence>()) }, context.Now, dialect, cancellationToken);
            return await (context.Actor.SeesAll
                ? memory.GetAsync(within.ToQueryString(), () => IdentityCube.CellsAsync(rows, cancellationToken), cancellationToken)
                : IdentityCube.CellsAsync(rows, cancellationToken));
        }

        var (cells, _) = await IdentityCube.ReadAsync(context, IdentityFilter.All, dialect, memory, cancellationToken);
        if (within.Teams.IsAny)
        {
            return cells;
        }

        var keys = await context.Db.Set<Team>().AsNoTracking().Select(t => new { t.Id, t.Key }).ToDictionaryAsync(t => t.Id, t => t.Key, cancellationToken);
        return [.. cells.Where(c => within.Teams.Admits(c.TeamId is { } id ? keys.GetValueOrDefault(id, Choice.None) : Choice.None))];
    }

    private static long Known(IEnumerable<CubeCell> cells, Func<CubeCell, Knowledge> state) =>
        cells.Where(c => state(c) is Knowledge.Value or Knowledge.Never).Sum(c => c.Count);

    private static BoundedCount Bounded(long count) => new((int)Math.Min(count, BoundedCount.Limit + 1));

    private async Task<CoverageFigure> ListsAsync(QueryContext context, IdentityFilter within, CancellationToken cancellationToken)
    {
        var lists = await ListCoverage.ReadAsync(context, within, dialect, cancellationToken);
        return new CoverageFigure("scopes", "Lists read to their end", lists.Known, lists.Of, Unknown: null, lists.Unsure);
    }
}
