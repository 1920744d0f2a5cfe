using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources;
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

/// <param name="SubjectKind">identity or credential.</param>
/// <param name="Subject">The field, permission or credential concerned.</param>
/// <param name="Before">Null when there was nothing.</param>
/// <param name="RunNumber">"Seen in run 4,788"; null for what a person did.</param>
public sealed record TimelineEntry(
    Guid Id, DateTimeOffset At, TimelineKind Kind, string SubjectKind, Guid SubjectId, string Subject, KnownValue? Before, KnownValue? After,
    Guid? RunId, long? RunNumber);

public sealed record IdentityTimelineRequest(Guid IdentityId, string? Cursor = null, int Limit = 50);

/// <summary>Every change that was seen of an identity and its credentials, newest first; its first sighting is the last entry.</summary>
public sealed class IdentityTimeline(QueryDoor door) : Query<IdentityTimelineRequest, Page<TimelineEntry>>(door)
{
    private const string Order = "timeline";

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

        var limit = Math.Clamp(request.Limit, 1, ListIdentities.MaxLimit);
        var all = db.Set<InventoryChange>().AsNoTracking().Where(c => c.IdentityId == identity.Id);
        var count = await Counting.BoundedAsync(all, cancellationToken);
        var after = Cursor.Parse(request.Cursor, Order) is { } cursor && long.TryParse(cursor.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTime.MaxValue.Ticks
            ? ((DateTimeOffset, Guid)?)(new DateTimeOffset(ticks, TimeSpan.Zero), cursor.Id)
            : null;
        var changes = await Keyset.Page(all, c => c.At, c => c.Id, descending: true, after).Take(limit + 1).ToListAsync(cancellationToken);
        var more = changes.Count > limit;
        if (more)
        {
            changes.RemoveAt(limit);
        }

        var runIds = changes.Where(c => c.RunId != null).Select(c => c.RunId!.Value).Append(identity.FirstRunId).Distinct().ToArray();
        var numbers = await db.Set<PollRun>().AsNoTracking().Where(r => runIds.Contains(r.Id)).Select(r => new { r.Id, r.Number })
            .ToDictionaryAsync(r => r.Id, r => (long?)r.Number, cancellationToken);
        var entries = changes.ConvertAll(c => Entry(c, c.RunId is { } run ? numbers.GetValueOrDefault(run) : null));
        if (!more)
        {
            entries.Add(new TimelineEntry(
                identity.Id, identity.FirstSeenAt, TimelineKind.FirstSeen, "identity", identity.Id, identity.Name, null, null,
                identity.FirstRunId, numbers.GetValueOrDefault(identity.FirstRunId)));
        }

        var next = more ? new Cursor(Order, "all", changes[^1].At.UtcTicks.ToString(CultureInfo.InvariantCulture), changes[^1].Id).ToString() : null;
        return new Page<TimelineEntry>(entries, next, new BoundedCount(count.Value + 1));
    }

    internal static TimelineEntry Entry(InventoryChange change, long? runNumber) => new(
        change.Id, change.At, Enum.Parse<TimelineKind>(change.Kind.ToString()), change.SubjectKind, change.SubjectId, change.Subject,
        InventoryJson.ReadValue(change.Before), InventoryJson.ReadValue(change.After), change.RunId, runNumber);
}
