using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;

namespace NhiGovernance.Inventory;

public sealed record GetCredentialRequest(Guid Id);

/// <summary>One credential of an identity that the reader may see.</summary>
public sealed class GetCredential(QueryDoor door) : Query<GetCredentialRequest, CredentialRow>(door)
{
    public override Permission Permission => Permission.ReadIdentities;

    protected override async Task<Result<CredentialRow>> ReadAsync(GetCredentialRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var rows = await CredentialRowReader.ReadAsync(
            context.Db, CredentialRows.Visible(context).Where(c => c.Id == request.Id), cancellationToken);
        return rows.Count == 1 ? rows[0] : new Error.NotFound("This credential");
    }
}
