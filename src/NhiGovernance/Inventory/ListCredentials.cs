using System.Runtime.CompilerServices;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;

namespace NhiGovernance.Inventory;

public sealed record ListCredentialsRequest(CredentialFilter Filter, CredentialSort Sort = default, string? Cursor = null, int Limit = 50);

/// <summary>
/// Credentials of the identities that the actor may see, in any order; what has no value comes last. Retired ones are left out
/// unless they or one identity are asked for.
/// </summary>
public sealed class ListCredentials(QueryDoor door, IDialect dialect) : Query<ListCredentialsRequest, Page<CredentialRow>>(door)
{
    public override Permission Permission => Permission.ReadIdentities;

    protected override async Task<Result<Page<CredentialRow>>> ReadAsync(
        ListCredentialsRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var matching = await Counting.CountAsync(await CredentialRows.MatchingAsync(context, request.Filter, dialect, cancellationToken), cancellationToken);
        var limit = Math.Clamp(request.Limit, 1, ListIdentities.MaxLimit);
        var (page, next) = await CredentialPages.ReadAsync(matching.Rows, request.Sort, request.Cursor, limit, cancellationToken);
        return new Page<CredentialRow>(await CredentialRowReader.ReadAsync(context.Db, page, cancellationToken), next, matching.Count);
    }
}

public sealed record ExportCredentialsRequest(CredentialFilter Filter, CredentialSort Sort = default);

/// <summary>The rows of <see cref="ListCredentials"/>, all of them, as a stream: memory holds one page.</summary>
public sealed class ExportCredentials(QueryDoor door, IDialect dialect) : StreamQuery<ExportCredentialsRequest, CredentialRow>(door)
{
    private const int PageSize = 1_000;

    public override Permission Permission => Permission.ReadIdentities;

    protected override async IAsyncEnumerable<CredentialRow> ReadAsync(
        ExportCredentialsRequest request, QueryContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (rows, _, _) = await Counting.CountAsync(await CredentialRows.MatchingAsync(context, request.Filter, dialect, cancellationToken), cancellationToken);
        string? cursor = null;
        do
        {
            var (page, next) = await CredentialPages.ReadAsync(rows, request.Sort, cursor, PageSize, cancellationToken);
            foreach (var row in await CredentialRowReader.ReadAsync(context.Db, page, cancellationToken))
            {
                yield return row;
            }

            cursor = next;
        }
        while (cursor is not null);
    }
}
