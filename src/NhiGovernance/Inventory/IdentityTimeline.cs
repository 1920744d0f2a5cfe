using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <summary>What a time-line shows; <see cref="ChangeKind"/> and the beginning.</summary>
public enum TimelineKind
{
    FirstSeen,
    Field,
    CredentialAdded,
    Material,
    GrantAdded,
    GrantRemoved,
    WentMissing,
    CameBack,
    Retired,
    TeamAssigned,
    Uncovered,
}

/// <param name="Id">Id of the entry.</param>
/// <param name="At">When we saw it; the vendor may have done it before.</param>
/// <param name="Kind">What kind of change it is.</param>
/// <param name="SubjectKind">identity, credential or resource.</param>
/// <param name="SubjectId">Id of that identity, credential or resource.</param>
/// <param name="Subject">The field, permission or credential concerned. Of a team: "team" where a person assigned it, "team by its place's mapping" where the identity follows its place.</param>
/// <param name="Before">Null when there was nothing.</param>
/// <param name="After">Null when there is nothing any more.</param>
/// <param name="RunId">The run that saw it; null for what a person did, or the mapping of places.</param>
/// <param name="RunNumber">"Seen in run 4,788"; null where there is no run.</param>
public sealed record TimelineEntry(
    Guid Id, DateTimeOffset At, TimelineKind Kind, string SubjectKind, Guid SubjectId, string Subject, KnownValue? Before, KnownValue? After,
    Guid? RunId, long? RunNumber);

public sealed record IdentityTimelineRequest(Guid IdentityId, string? Cursor = null, int Limit = 50);

/// <summary>Every change that was seen of an identity and its credentials, newest first; its first sighting is the last entry.</summary>
public sealed class IdentityTimeline(QueryDoor door) : Query<IdentityTimelineRequest, Page<TimelineEntry>>(door)
{
    public override Permission Permission => Permission.ReadIdentities;

    protected override async Task<Result<Page<TimelineEntry>>> ReadAsync(
        IdentityTimelineRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var identity = await IdentityRows.Visible(db, context.Actor).Where(i => i.Id == request.IdentityId)
            .Select(i => new { i.Id, i.Name, i.FirstSeenAt, i.FirstRunId }).SingleOrDefaultAsync(cancellationToken);
        if (identity is null)
        {
            return new Error.NotFound("This identity");
        }

        return await TimelineReader.ReadAsync(
            db, db.Set<InventoryChange>().AsNoTracking().Where(c => c.IdentityId == identity.Id),
            new TimelineStart("identity", identity.Id, identity.Name, identity.FirstSeenAt, identity.FirstRunId), request.Cursor, request.Limit, cancellationToken);
    }
}
