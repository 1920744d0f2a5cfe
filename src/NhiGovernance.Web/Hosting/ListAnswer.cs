using Microsoft.AspNetCore.Http.HttpResults;
using NhiGovernance.Common;

namespace NhiGovernance.Web.Hosting;

/// <summary>A page of a list. To read on, send the same request with `next` as `cursor`, until `next` is null.</summary>
/// <param name="Items">The rows of this page, in the list's order.</param>
/// <param name="Next">The cursor of the next page; null on the last. Opaque, and good for this list and order only.</param>
/// <param name="Count">How many the whole list has, exact up to 10,000.</param>
/// <param name="More">True when there are more than 10,000; `count` stays at 10,000 then.</param>
public sealed record ListAnswer<T>(IReadOnlyList<T> Items, string? Next, int Count, bool More);

/// <summary>Every list of the API answers in one shape.</summary>
public static class ListAnswers
{
    public static ListAnswer<T> ToAnswer<T>(this Page<T> page) => new(page.Items, page.Next, Math.Min(page.Count.Value, BoundedCount.Limit), page.Count.IsMore);

    public static Results<Ok<ListAnswer<T>>, ProblemHttpResult> ToHttp<T>(this Result<Page<T>> result, HttpContext http) =>
        result.ToHttp(http, page => TypedResults.Ok(page.ToAnswer()));

    /// <summary>A list that is always whole.</summary>
    public static Results<Ok<ListAnswer<T>>, ProblemHttpResult> ToListHttp<T>(this Result<IReadOnlyList<T>> result, HttpContext http) =>
        result.ToHttp(http, all => TypedResults.Ok(new ListAnswer<T>(all, null, all.Count, false)));
}
