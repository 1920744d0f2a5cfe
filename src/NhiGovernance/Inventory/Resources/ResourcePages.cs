using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Resources;

/// <summary>Pages through resources in any order, each held by an index; by kind, one kind after the other.</summary>
internal static class ResourcePages
{
    private static readonly Expression<Func<Resource, Guid>> Id = r => r.Id;

    public static async Task<(IReadOnlyList<Resource> Rows, string? Next)> ReadAsync(
        IQueryable<Resource> rows, ResourceSort sort, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var order = sort.ToString();
        var after = Cursor.Parse(cursor, order);
        var segments = sort.By == ResourceOrder.Kind ? Kinds(sort.Descending) : ["all"];
        var start = after is null ? 0 : Math.Max(0, segments.IndexOf(after.Segment));
        var found = new List<(string Segment, Guid Id)>(limit + 1);
        for (var n = start; n < segments.Count && found.Count <= limit; n++)
        {
            var (segment, from) = (segments[n], after is not null && after.Segment == segments[n] ? after : null);
            var ids = await Page(rows, sort, segment, from).Take(limit + 1 - found.Count).Select(Id).ToListAsync(cancellationToken);
            found.AddRange(ids.Select(id => (segment, id)));
        }

        var isMore = found.Count > limit;
        if (isMore)
        {
            found.RemoveAt(limit);
        }

        var wanted = found.ConvertAll(f => f.Id);
        var byId = await rows.Where(r => wanted.Contains(r.Id)).ToDictionaryAsync(r => r.Id, cancellationToken);
        found.RemoveAll(f => !byId.ContainsKey(f.Id));
        var shown = found.ConvertAll(f => byId[f.Id]);
        if (!isMore || shown.Count == 0)
        {
            return (shown, null);
        }

        var key = sort.By == ResourceOrder.Changed ? Cursor.KeyOf(shown[^1].ChangedAt) : shown[^1].SortName;
        return (shown, new Cursor(order, found[^1].Segment, key, found[^1].Id).ToString());
    }

    private static IQueryable<Resource> Page(IQueryable<Resource> rows, ResourceSort sort, string segment, Cursor? after)
    {
        switch (sort.By)
        {
            case ResourceOrder.Changed:
                return Keyset.Page(rows, r => r.ChangedAt, Id, sort.Descending, after?.Instant is { } at ? (at, after.Id) : null);
            case ResourceOrder.Kind:
                var kind = Enum.Parse<ResourceKind>(segment);
                return Keyset.Page(rows.Where(r => r.Kind == kind), r => r.SortName, Id, descending: false, after is null ? null : (after.Key, after.Id));
            default:
                return Keyset.Page(rows, r => r.SortName, Id, sort.Descending, after is null ? null : (after.Key, after.Id));
        }
    }

    private static List<string> Kinds(bool descending)
    {
        var kinds = Enum.GetNames<ResourceKind>().Order(StringComparer.Ordinal);
        return [.. descending ? kinds.Reverse() : kinds];
    }
}
