using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Resources;

/// <summary>Everything that is known of one resource, and how well it is known.</summary>
/// <param name="Row">The same as in a list.</param>
/// <param name="NaturalKey">What the source's connector knows it by; the same from run to run.</param>
/// <param name="Facts">By camelCase name, sorted.</param>
/// <param name="Coverage">How many of the facts have a value or are known never to have happened.</param>
/// <param name="Links">The identities, credentials and resources that its facts name, as far as the actor may see them; the first 200. A token without <c>identities:read</c> is told of resources alone.</param>
/// <param name="LinksCount">How many of them there are.</param>
/// <param name="LinksIsCut">True when there was too much to look at: then there are at least so many.</param>
/// <param name="Beside">Other resources of its place, the risky ones first; at most ten.</param>
/// <param name="BesideCount">How many there are.</param>
/// <param name="IdentitiesHere">How many identities live in its place; null for a token without <c>identities:read</c>.</param>
/// <param name="Place">Where it lives.</param>
/// <param name="Scope">The list that shows it, and how that list was last read.</param>
/// <param name="Source">What reads it.</param>
/// <param name="Runs">The source's last runs, newest first.</param>
/// <param name="FirstRun">The run that saw it first; null when the record of that run is gone.</param>
/// <param name="ChangedRun">The run that wrote it last; null when the record of that run is gone.</param>
/// <param name="MissedRuns">Complete runs in a row that did not list it; 0 while it is there.</param>
/// <param name="RetiredAt">When it was retired; null: it was not.</param>
public sealed record ResourceDetail(
    ResourceRow Row,
    string NaturalKey,
    IReadOnlyDictionary<string, KnownValue> Facts,
    Coverage Coverage,
    IReadOnlyList<ResourceLink> Links,
    int LinksCount,
    bool LinksIsCut,
    IReadOnlyList<ResourceRow> Beside,
    BoundedCount BesideCount,
    BoundedCount? IdentitiesHere,
    PlaceDetail Place,
    ScopeDetail? Scope,
    SourceDetail Source,
    IReadOnlyList<RunRef> Runs,
    RunRef? FirstRun,
    RunRef? ChangedRun,
    int MissedRuns,
    DateTimeOffset? RetiredAt);

public sealed record GetResourceRequest(Guid Id);

/// <summary>One resource: its facts in full, what is risky for a release, what it names, and what lies beside it. A token without <c>identities:read</c> is told of no identity and no credential.</summary>
public sealed class GetResource(QueryDoor door) : Query<GetResourceRequest, ResourceDetail>(door)
{
    private const int MostBeside = 10;
    private const int MostLinks = 200;

    public override Permission Permission => Permission.ReadResources;

    protected override async Task<Result<ResourceDetail>> ReadAsync(GetResourceRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var resource = await ResourceRows.Visible(db, context.Actor).SingleOrDefaultAsync(r => r.Id == request.Id, cancellationToken);
        if (resource is null)
        {
            return new Error.NotFound("This resource");
        }

        var row = (await ResourceRowReader.ReadAsync(db, [resource], cancellationToken))[0];
        var facts = new SortedDictionary<string, KnownValue>(InventoryJson.ReadFacts(resource.Facts).ToDictionary(), StringComparer.Ordinal);
        var place = await PlaceReader.ReadAsync(db, resource.PlaceId, cancellationToken);
        var seen = await ProvenanceReader.ReadAsync(db, resource, resource.FirstRunId, cancellationToken);
        var others = ResourceRows.Visible(db, context.Actor)
            .Where(r => r.PlaceId == resource.PlaceId && r.Id != resource.Id && r.Presence != Presence.Retired);
        var besideCount = await Counting.BoundedAsync(others, cancellationToken);
        var beside = await others.OrderBy(r => r.Risks == 0).ThenBy(r => r.Kind).ThenBy(r => r.SortName).ThenBy(r => r.Id).Take(MostBeside).ToListAsync(cancellationToken);
        BoundedCount? identities = !context.May(Permission.ReadIdentities) ? null : await Counting.BoundedAsync(
            IdentityRows.Visible(db, context.Actor).Where(i => i.PlaceId == resource.PlaceId && i.Presence != Presence.Retired), cancellationToken);
        var links = await ResourceLinks.ReadAsync(context, resource, facts, place, cancellationToken);
        return new ResourceDetail(
            row, resource.NaturalKey, facts, GetIdentity.CoverageOf(facts), [.. links.All.Take(MostLinks)], links.All.Count, links.IsCut,
            await ResourceRowReader.ReadAsync(db, beside, cancellationToken), besideCount, identities, place, seen.Scope, seen.Source, seen.Runs,
            seen.FirstRun, seen.ChangedRun, resource.MissedRuns, resource.RetiredAt);
    }
}

public sealed record ResourceTimelineRequest(Guid ResourceId, string? Cursor = null, int Limit = 50);

/// <summary>Every change that was seen of a resource, newest first; its first sighting is the last entry.</summary>
public sealed class ResourceTimeline(QueryDoor door) : Query<ResourceTimelineRequest, Page<TimelineEntry>>(door)
{
    public override Permission Permission => Permission.ReadResources;

    protected override async Task<Result<Page<TimelineEntry>>> ReadAsync(
        ResourceTimelineRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var resource = await ResourceRows.Visible(db, context.Actor).Where(r => r.Id == request.ResourceId)
            .Select(r => new { r.Id, r.Name, r.FirstSeenAt, r.FirstRunId }).SingleOrDefaultAsync(cancellationToken);
        return resource is null
            ? new Error.NotFound("This resource")
            : await TimelineReader.ReadAsync(
                db, db.Set<InventoryChange>().AsNoTracking().Where(c => c.SubjectId == resource.Id),
                new TimelineStart("resource", resource.Id, resource.Name, resource.FirstSeenAt, resource.FirstRunId), request.Cursor, request.Limit, cancellationToken);
    }
}
