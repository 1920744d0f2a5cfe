using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Inventory.Resources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <param name="Limit">1 to 50.</param>
/// <param name="Days">How far back, 1 to 90.</param>
/// <param name="Within">Team, product, service and environment of it; null: all.</param>
public sealed record RecentChangesRequest(int Limit = 12, int Days = 30, IdentityFilter? Within = null);

/// <summary>A change, with the identity or resource that it is about.</summary>
/// <param name="Kind">identity or resource.</param>
/// <param name="Id">Id of that identity or resource.</param>
/// <param name="Name">Its name now.</param>
/// <param name="Entry">What changed, and when that was seen.</param>
public sealed record RecentChange(string Kind, Guid Id, string Name, TimelineEntry Entry);

/// <summary>
/// What changed lately in what the actor sees: of identities material changes, credentials, grants, what went or came; of resources
/// what went or came, and every field of what guards a release. A token without <c>resources:read</c> is told of identities alone.
/// </summary>
public sealed class RecentChanges(QueryDoor door, IDialect dialect) : Query<RecentChangesRequest, IReadOnlyList<RecentChange>>(door)
{
    /// <summary>A changed field of these is news; of others their own time-line has it.</summary>
    private static readonly ResourceKind[] s_guards =
        [ResourceKind.Organization, ResourceKind.BranchProtection, ResourceKind.Environment, ResourceKind.SecretAlert];

    public override Permission Permission => Permission.ReadIdentities;

    protected override async Task<Result<IReadOnlyList<RecentChange>>> ReadAsync(
        RecentChangesRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var (limit, since) = (Math.Clamp(request.Limit, 1, 50), context.Now.AddDays(-Math.Clamp(request.Days, 1, 90)));
        var within = (request.Within ?? IdentityFilter.All).Belonging();
        var everything = Choice.Of(Enum.GetNames<Presence>());
        var identities = within.IsAll
            ? IdentityRows.Visible(context.Db, context.Actor)
            : await IdentityRows.MatchingAsync(context.Db, context.Actor, within with { States = everything }, context.Now, dialect, cancellationToken);
        var resources = await ResourceRows.MatchingAsync(
            context,
            new ResourceFilter
            {
                Teams = within.Teams, Products = within.Products, Services = within.Services, Environments = within.Environments, States = everything,
            },
            dialect, cancellationToken);

        // Field changes of an identity are noise here; the identity's own time-line has them.
        var ofIdentities = await (
            from change in context.Db.Set<InventoryChange>()
            join identity in identities on change.IdentityId equals identity.Id
            where change.At >= since && change.Kind != ChangeKind.Field
            orderby change.At descending, change.Id descending
            select new Found("identity", identity.Id, identity.Name, change)).Take(limit).ToListAsync(cancellationToken);
        var ofResources = !context.May(Permission.ReadResources) ? [] : await (
            from change in context.Db.Set<InventoryChange>()
            join resource in resources on change.SubjectId equals resource.Id
            where change.At >= since && change.SubjectKind == "resource" && (change.Kind != ChangeKind.Field || s_guards.Contains(resource.Kind))
            orderby change.At descending, change.Id descending
            select new Found("resource", resource.Id, resource.Name, change)).Take(limit).ToListAsync(cancellationToken);
        var found = ofIdentities.Concat(ofResources).OrderByDescending(f => f.Change.At).ThenByDescending(f => f.Change.Id).Take(limit).ToList();
        var numbers = await TimelineReader.NumbersAsync(context.Db, found.Select(f => f.Change.RunId), cancellationToken);
        return found.ConvertAll(f => new RecentChange(
            f.Kind, f.Id, f.Name, TimelineReader.Entry(f.Change, f.Change.RunId is { } run ? numbers.GetValueOrDefault(run) : null)));
    }

    private sealed record Found(string Kind, Guid Id, string Name, InventoryChange Change);
}
