using System.Runtime.CompilerServices;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Lists;

namespace NhiGovernance.Inventory.Resources;

/// <param name="Sort">The column, `-` before it for descending: name, kind, changed.</param>
/// <param name="Cursor">Of the page before, or null.</param>
/// <param name="Limit">1 to 200.</param>
public sealed record ListResourcesRequest(ResourceFilter Filter, ResourceSort Sort = default, string? Cursor = null, int Limit = 50);

/// <summary>One page of the resources that the actor may see, with how many there are.</summary>
public sealed class ListResources(QueryDoor door, IDialect dialect) : Query<ListResourcesRequest, Page<ResourceRow>>(door)
{
    public override Permission Permission => Permission.ReadResources;

    protected override async Task<Result<Page<ResourceRow>>> ReadAsync(ListResourcesRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(request.Limit, 1, ListIdentities.MaxLimit);
        var (rows, count, _) = await Counting.CountAsync(await ResourceRows.MatchingAsync(context, request.Filter, dialect, cancellationToken), cancellationToken);
        var (page, next) = await ResourcePages.ReadAsync(rows, request.Sort, request.Cursor, limit, cancellationToken);
        return new Page<ResourceRow>(await ResourceRowReader.ReadAsync(context.Db, page, cancellationToken), next, count);
    }
}

/// <param name="Sort">The column, `-` before it for descending: name, kind, changed.</param>
public sealed record ExportResourcesRequest(ResourceFilter Filter, ResourceSort Sort = default);

/// <summary>The rows of <see cref="ListResources"/>, all of them, as a stream: memory holds one page.</summary>
public sealed class ExportResources(QueryDoor door, IDialect dialect) : StreamQuery<ExportResourcesRequest, ResourceRow>(door)
{
    // A workflow's facts may be some tens of kilobytes.
    private const int PageSize = 250;

    public override Permission Permission => Permission.ReadResources;

    protected override async IAsyncEnumerable<ResourceRow> ReadAsync(
        ExportResourcesRequest request, QueryContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (rows, _, _) = await Counting.CountAsync(await ResourceRows.MatchingAsync(context, request.Filter, dialect, cancellationToken), cancellationToken);
        string? cursor = null;
        do
        {
            var (page, next) = await ResourcePages.ReadAsync(rows, request.Sort, cursor, PageSize, cancellationToken);
            foreach (var row in await ResourceRowReader.ReadAsync(context.Db, page, cancellationToken))
            {
                yield return row;
            }

            cursor = next;
        }
        while (cursor is not null);
    }
}
