using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Inventory.Filtering;

namespace NhiGovernance.Inventory.Lists;

/// <summary>Pages through credentials in any order, each held by an index: first those that have the instant, then the rest by id.</summary>
internal static class CredentialPages
{
    private const string Dated = "dated";
    private const string Rest = "rest";

    private static readonly Expression<Func<Credential, Guid>> Id = c => c.Id;

    public static async Task<(IReadOnlyList<Credential> Rows, string? Next)> ReadAsync(
        IQueryable<Credential> rows, CredentialSort sort, string? cursor, int limit, CancellationToken cancellationToken)
    {
        var order = sort.ToString();
        var after = Cursor.Parse(cursor, order);
        var (instant, has, hasNot) = Of(sort.By);
        var page = new List<Credential>(limit + 1);
        if (after is null or { Segment: Dated })
        {
            var from = after?.Instant is { } at ? ((DateTimeOffset?)at, after.Id) : ((DateTimeOffset?, Guid)?)null;
            page.AddRange(await Keyset.Page(rows.Where(has), instant, Id, sort.Descending, from).Take(limit + 1).ToListAsync(cancellationToken));
        }

        if (page.Count <= limit)
        {
            var rest = rows.Where(hasNot);
            rest = after is { Segment: Rest } ? rest.Where(c => c.Id > after.Id) : rest;
            page.AddRange(await rest.OrderBy(Id).Take(limit + 1 - page.Count).ToListAsync(cancellationToken));
        }

        if (page.Count <= limit)
        {
            return (page, null);
        }

        page.RemoveAt(limit);
        var key = At(page[^1], sort.By);
        return (page, new Cursor(order, key is null ? Rest : Dated, Cursor.KeyOf(key), page[^1].Id).ToString());
    }

    private static (Expression<Func<Credential, DateTimeOffset?>> Instant, Expression<Func<Credential, bool>> Has, Expression<Func<Credential, bool>> HasNot) Of(
        CredentialOrder order) => order switch
        {
            CredentialOrder.Expires => (c => c.ExpiresAt, c => c.ExpiresAt != null, c => c.ExpiresAt == null),
            CredentialOrder.LastUsed => (c => c.LastUsedAt, c => c.LastUsedAt != null, c => c.LastUsedAt == null),
            CredentialOrder.KeyChanged => (c => c.MaterialChangedAt, c => c.MaterialChangedAt != null, c => c.MaterialChangedAt == null),
            _ => throw new InvalidOperationException($"No order {order}."),
        };

    private static DateTimeOffset? At(Credential row, CredentialOrder order) => order switch
    {
        CredentialOrder.Expires => row.ExpiresAt,
        CredentialOrder.LastUsed => row.LastUsedAt,
        CredentialOrder.KeyChanged => row.MaterialChangedAt,
        _ => throw new InvalidOperationException($"No order {order}."),
    };
}
