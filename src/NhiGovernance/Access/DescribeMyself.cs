using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access;

public sealed record DescribeMyselfRequest;

/// <summary>The acting person, as pages need them: to draw only what they may do.</summary>
public sealed record Myself(Guid Id, string Name, Role Roles, bool SeesAll, IReadOnlyCollection<Guid> Teams, DateTimeOffset? SignedInAt);

/// <summary>Says who acts, loaded now.</summary>
public sealed class DescribeMyself(QueryDoor door) : Query<DescribeMyselfRequest, Myself>(door)
{
    public override Permission Permission => Permission.OwnAccount;

    protected override Task<Result<Myself>> ReadAsync(DescribeMyselfRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var actor = context.Actor;
        return Task.FromResult(Result.Ok(new Myself(actor.Id, actor.Name, actor.Roles, actor.SeesAll, actor.Teams, actor.SignedInAt)));
    }
}
