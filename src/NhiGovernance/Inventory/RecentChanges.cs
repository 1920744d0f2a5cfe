using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources;

namespace NhiGovernance.Inventory;

/// <param name="Limit">1 to 50.</param>
/// <param name="Days">How far back, 1 to 90.</param>
public sealed record RecentChangesRequest(int Limit = 12, int Days = 30);

/// <summary>A change, with the identity that it is about.</summary>
public sealed record RecentChange(Guid IdentityId, string IdentityName, TimelineEntry Entry);

/// <summary>What changed lately in the identities that the actor sees: material changes, credentials, grants, what went or came.</summary>
public sealed class RecentChanges(QueryDoor door) : Query<RecentChangesRequest, IReadOnlyList<RecentChange>>(door)
{
    public override Permission Permission => Permission.ReadIdentities;

    protected override async Task<Result<IReadOnlyList<RecentChange>>> ReadAsync(
        RecentChangesRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var since = context.Now.AddDays(-Math.Clamp(request.Days, 1, 90));
        var visible = IdentityRows.Visible(context.Db, context.Actor);
        // Field changes are noise here; the identity's own time-line has them.
        var changes = await (
            from change in context.Db.Set<InventoryChange>()
            join identity in visible on change.IdentityId equals identity.Id
            where change.At >= since && change.Kind != ChangeKind.Field
            orderby change.At descending, change.Id descending
            select new { Change = change, identity.Name }).Take(Math.Clamp(request.Limit, 1, 50)).ToListAsync(cancellationToken);
        var runIds = changes.Where(c => c.Change.RunId != null).Select(c => c.Change.RunId!.Value).Distinct().ToArray();
        var numbers = await context.Db.Set<PollRun>().Where(r => runIds.Contains(r.Id)).Select(r => new { r.Id, r.Number })
            .ToDictionaryAsync(r => r.Id, r => (long?)r.Number, cancellationToken);
        return changes.ConvertAll(c => new RecentChange(
            c.Change.IdentityId!.Value, c.Name,
            IdentityTimeline.Entry(c.Change, c.Change.RunId is { } run ? numbers.GetValueOrDefault(run) : null)));
    }
}
