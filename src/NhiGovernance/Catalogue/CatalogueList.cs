using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Catalogue.Mapping;

namespace NhiGovernance.Catalogue;

/// <summary>What every list of the catalogue takes.</summary>
/// <param name="Search">Words that the key, name or address must contain.</param>
/// <param name="Cursor">From the page before; null for the first.</param>
/// <param name="Limit">1 to 200.</param>
public record CatalogueList(string? Search = null, string? Cursor = null, int Limit = 50);

internal static class CatalogueLists
{
    public const int MaxLimit = 200;

    /// <summary>Catalogue lists are short, so a cursor is a position; a number of rows to leave out, opaque to callers.</summary>
    public static async Task<Result<Page<T>>> PageAsync<T>(IQueryable<T> rows, CatalogueList list, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(list.Limit, 1, MaxLimit);
        var offset = 0;
        if (!string.IsNullOrEmpty(list.Cursor)
            && !(list.Cursor.StartsWith('p') && int.TryParse(list.Cursor.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out offset)))
        {
            return Cursors.NoneOfOurs;
        }

        var count = await rows.Take(BoundedCount.Limit + 1).CountAsync(cancellationToken);
        var items = await rows.Skip(offset).Take(limit + 1).ToListAsync(cancellationToken);
        var next = items.Count > limit ? string.Create(CultureInfo.InvariantCulture, $"p{offset + limit}") : null;
        return new Page<T>(items.Count > limit ? items[..limit] : items, next, new BoundedCount(count));
    }

    /// <summary>Whatever lives in places and this actor may see: numbers never count what is hidden.</summary>
    public static IQueryable<PlaceFollower> Visible(this IPlaceFollowers followers, QueryContext context)
    {
        var present = followers.Present(context.Db);
        if (context.Actor.SeesAll)
        {
            return present;
        }

        var teams = context.Actor.Teams.ToArray();
        return present.Where(f => f.TeamId != null && teams.Contains(f.TeamId.Value));
    }
}
