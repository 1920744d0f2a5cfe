using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access;

public sealed record HasAccountsRequest;

/// <summary>Whether anybody has an account yet. On a new installation nobody has.</summary>
public sealed class HasAccounts(QueryDoor door) : Query<HasAccountsRequest, bool>(door)
{
    public override Permission Permission => Permission.System;

    protected override async Task<Result<bool>> ReadAsync(HasAccountsRequest request, QueryContext context, CancellationToken cancellationToken) =>
        await context.Db.Set<Account>().AnyAsync(cancellationToken);
}
