using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Lists;

/// <summary>
/// Pages through identities in any order. An order is a list of segments (a kind, a team, "has a date", "has none"), each of
/// which an index holds in order; what has no value is the last segment either way, on every database.
/// </summary>
internal static class IdentityPages
{
    /// <summary>With more kinds than these, one walk by name finds a page soon.</summary>
    private const int MostKinds = 6;

    private static readonly Expression<Func<Identity, Guid>> Id = i => i.Id;

    /// <param name="matching">What <paramref name="filter"/> asks for.</param>
    public static async Task<(IReadOnlyList<Identity> Rows, string? Next)> ReadAsync(
        GovernanceDb db, Counted<Identity> matching, IdentityFilter filter, IdentitySort sort, string? cursor, int limit, CancellationToken cancellationToken)
    {
        // Where rows are few the segments that occur are asked for first.
        var (rows, few) = (matching.Rows, !matching.Count.IsMore);
        var kinds = sort.By == IdentityOrder.Name && !matching.Named && IsOfTheKindIndex(filter) ? IdentityRows.KindsOf(filter.Kinds) : [];
        var order = sort.ToString();
        var after = Cursor.Parse(cursor, order);
        var segments = await SegmentsAsync(db, rows, sort, few, cancellationToken);
        var start = after is null ? 0 : Math.Max(0, segments.FindIndex(s => s.Key == after.Segment));
        var page = new List<(string Segment, Guid Id)>(limit + 1);
        for (var n = start; n < segments.Count && page.Count <= limit; n++)
        {
            var segment = segments[n];
            var from = after is not null && after.Segment == segment.Key ? after : null;

            // Ids first: a filter that leaves most rows out is then tested on what the orders' indexes carry, and no row is read for it.
            var wanted = limit + 1 - page.Count;
            var ids = kinds.Length is > 1 and <= MostKinds
                ? OfKinds(rows, kinds, part => segment.Page(part, from).Take(wanted), sort.Descending).Take(wanted)
                : segment.Page(segment.Where(rows), from).Take(wanted).Select(Id);
            var found = await ids.ToListAsync(cancellationToken);
            page.AddRange(found.Select(id => (segment.Key, id)));
        }

        var isMore = page.Count > limit;
        if (isMore)
        {
            page.RemoveAt(limit);
        }

        // A row that changed in between may be gone from the page; it is never shown against the filter's visibility.
        var onPage = page.ConvertAll(p => p.Id);
        var byId = await rows.Where(i => onPage.Contains(i.Id)).ToDictionaryAsync(i => i.Id, cancellationToken);
        page.RemoveAll(p => !byId.ContainsKey(p.Id));
        var shown = page.ConvertAll(p => byId[p.Id]);
        if (!isMore || page.Count == 0)
        {
            return (shown, null);
        }

        var last = page[^1];
        var key = segments.Single(s => s.Key == last.Segment).KeyOf(shown[^1]);
        return (shown, new Cursor(order, last.Segment, key, last.Id).ToString());
    }

    /// <summary>
    /// Some kinds by name: the first of each by its own index, and of those the first. Names of one kind often stand together ("deploy key
    /// of …"), and an index by name alone would be read past all the other kinds until it comes to them.
    /// </summary>
    private static IQueryable<Guid> OfKinds(
        IQueryable<Identity> rows, IReadOnlyList<IdentityKind> kinds, Func<IQueryable<Identity>, IQueryable<Identity>> first, bool descending)
    {
        var all = kinds.Select(kind => first(rows.Where(i => i.Kind == kind)).Select(i => new { i.SortName, i.Id })).Aggregate(Queryable.Concat);
        return (descending ? all.OrderByDescending(i => i.SortName).ThenByDescending(i => i.Id) : all.OrderBy(i => i.SortName).ThenBy(i => i.Id)).Select(i => i.Id);
    }

    /// <summary>Only what the index by kind carries: for anything else a kind of which nothing matches would be read to its end, row by row.</summary>
    private static bool IsOfTheKindIndex(IdentityFilter filter) => filter with
    {
        Kinds = Choice.Any, States = Choice.Any, Teams = Choice.Any, AltersRelease = null, Privileged = null, Disabled = null,
    } == IdentityFilter.All;

    private static async Task<List<Segment>> SegmentsAsync(
        GovernanceDb db, IQueryable<Identity> rows, IdentitySort sort, bool few, CancellationToken cancellationToken)
    {
        switch (sort.By)
        {
            case IdentityOrder.Kind:
                var kinds = few ? await rows.Select(i => i.Kind).Distinct().ToListAsync(cancellationToken) : [.. Enum.GetValues<IdentityKind>()];
                return Turned(kinds.OrderBy(k => k.ToString(), StringComparer.Ordinal), sort)
                    .Select(k => ByName(k.ToString(), r => r.Where(i => i.Kind == k), descending: false)).ToList();
            case IdentityOrder.Team:
                return await TeamsAsync(db, rows, sort, few, cancellationToken);
            case IdentityOrder.LastUsed:
                return [ByInstant(i => i.LastUsedAt, i => i.LastUsedAt, r => r.Where(i => i.LastUsedAt != null), sort.Descending), Rest(r => r.Where(i => i.LastUsedAt == null))];
            case IdentityOrder.Expires:
                return [ByInstant(i => i.ExpiresAt, i => i.ExpiresAt, r => r.Where(i => i.ExpiresAt != null), sort.Descending), Rest(r => r.Where(i => i.ExpiresAt == null))];
            case IdentityOrder.FirstSeen:
                return [ByInstant(i => i.FirstSeenAt, i => i.FirstSeenAt, r => r, sort.Descending)];
            case IdentityOrder.Name:
                return [ByName("all", r => r, sort.Descending)];
            default:
                throw new InvalidOperationException($"No order {sort.By}.");
        }
    }

    private static async Task<List<Segment>> TeamsAsync(
        GovernanceDb db, IQueryable<Identity> rows, IdentitySort sort, bool few, CancellationToken cancellationToken)
    {
        var teams = await db.Set<Team>().AsNoTracking().Select(t => new { t.Id, t.Name }).ToListAsync(cancellationToken);
        if (few)
        {
            var there = await rows.Where(i => i.TeamId != null).Select(i => i.TeamId!.Value).Distinct().ToListAsync(cancellationToken);
            teams.RemoveAll(t => !there.Contains(t.Id));
        }

        var segments = Turned(teams.OrderBy(t => t.Name, StringComparer.OrdinalIgnoreCase), sort)
            .Select(t => ByName(t.Id.ToString("N"), r => r.Where(i => i.TeamId == t.Id), descending: false)).ToList();
        segments.Add(ByName(Choice.None, r => r.Where(i => i.TeamId == null), descending: false));
        return segments;
    }

    private static IEnumerable<T> Turned<T>(IEnumerable<T> items, IdentitySort sort) => sort.Descending ? items.Reverse() : items;

    private static Segment ByName(string key, Func<IQueryable<Identity>, IQueryable<Identity>> where, bool descending) => new(
        key, where,
        (rows, after) => Keyset.Page(rows, i => i.SortName, Id, descending, after is null ? null : (after.Key, after.Id)),
        row => row.SortName);

    private static Segment ByInstant(
        Expression<Func<Identity, DateTimeOffset?>> column, Func<Identity, DateTimeOffset?> value,
        Func<IQueryable<Identity>, IQueryable<Identity>> where, bool descending) => new(
        "dated", where,
        (rows, after) => Keyset.Page(rows, column, Id, descending, after?.Instant is not { } at ? null : (at, after.Id)),
        row => Cursor.KeyOf(value(row)));

    private static Segment Rest(Func<IQueryable<Identity>, IQueryable<Identity>> where) => new(
        "rest", where,
        (rows, after) => after is null ? rows.OrderBy(Id) : rows.Where(i => i.Id > after.Id).OrderBy(Id),
        _ => string.Empty);

    private sealed record Segment(
        string Key,
        Func<IQueryable<Identity>, IQueryable<Identity>> Where,
        Func<IQueryable<Identity>, Cursor?, IQueryable<Identity>> Page,
        Func<Identity, string> KeyOf);
}
