using System.Runtime.CompilerServices;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;

namespace NhiGovernance.Inventory;

public sealed record ExportIdentitiesRequest(IdentityFilter Filter, IdentitySort Sort = default);

/// <summary>The rows of <see cref="ListIdentities"/>, all of them, as a stream: memory holds one page.</summary>
public sealed class ExportIdentities(QueryDoor door, IDialect dialect) : StreamQuery<ExportIdentitiesRequest, IdentityRow>(door)
{
    private const int PageSize = 1_000;

    public override Permission Permission => Permission.ReadIdentities;

    protected override async IAsyncEnumerable<IdentityRow> ReadAsync(
        ExportIdentitiesRequest request, QueryContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var matching = await Counting.CountAsync(
            await IdentityRows.MatchingAsync(context.Db, context.Actor, request.Filter, context.Now, dialect, cancellationToken), cancellationToken);
        string? cursor = null;
        do
        {
            var (page, next) = await IdentityPages.ReadAsync(context.Db, matching, request.Filter, request.Sort, cursor, PageSize, cancellationToken);
            foreach (var row in await IdentityRowReader.ReadAsync(context.Db, page, cancellationToken))
            {
                yield return row;
            }

            cursor = next;
        }
        while (cursor is not null);
    }
}
