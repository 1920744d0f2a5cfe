using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;

namespace NhiGovernance.Inventory;

/// <param name="Cursor">Of the page before, or null.</param>
/// <param name="Limit">1 to 200.</param>
public sealed record ListIdentitiesRequest(IdentityFilter Filter, IdentitySort Sort = default, string? Cursor = null, int Limit = 50);

/// <summary>One page of the identities that the actor may see, with how many there are.</summary>
public sealed class ListIdentities(QueryDoor door, IDialect dialect) : Query<ListIdentitiesRequest, Page<IdentityRow>>(door)
{
    public const int MaxLimit = 200;

    public override Permission Permission => Permission.ReadIdentities;

    protected override async Task<Result<Page<IdentityRow>>> ReadAsync(
        ListIdentitiesRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(request.Limit, 1, MaxLimit);
        var matching = await Counting.CountAsync(
            await IdentityRows.MatchingAsync(context.Db, context.Actor, request.Filter, context.Now, dialect, cancellationToken), cancellationToken);
        var (page, next) = await IdentityPages.ReadAsync(
            context.Db, matching, request.Filter, request.Sort, request.Cursor, limit, cancellationToken);
        return new Page<IdentityRow>(await IdentityRowReader.ReadAsync(context.Db, page, cancellationToken), next, matching.Count);
    }
}
