using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Data;
using NhiGovernance.Sources;

namespace NhiGovernance.Inventory.Lists;

/// <summary>Where a time-line begins: the first sighting, which is no change.</summary>
internal sealed record TimelineStart(string SubjectKind, Guid Id, string Name, DateTimeOffset At, Guid RunId);

/// <summary>The changes of one thing, newest first; its first sighting is the last entry.</summary>
internal static class TimelineReader
{
    private const string Order = "timeline";

    public static async Task<Page<TimelineEntry>> ReadAsync(
        GovernanceDb db, IQueryable<InventoryChange> all, TimelineStart start, string? from, int wanted, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(wanted, 1, ListIdentities.MaxLimit);
        var count = await Counting.BoundedAsync(all, cancellationToken);
        var after = Cursor.Parse(from, Order) is { } cursor && long.TryParse(cursor.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTime.MaxValue.Ticks
            ? ((DateTimeOffset, Guid)?)(new DateTimeOffset(ticks, TimeSpan.Zero), cursor.Id)
            : null;
        var changes = await Keyset.Page(all, c => c.At, c => c.Id, descending: true, after).Take(limit + 1).ToListAsync(cancellationToken);
        var more = changes.Count > limit;
        if (more)
        {
            changes.RemoveAt(limit);
        }

        var numbers = await NumbersAsync(db, changes.Select(c => c.RunId).Append(start.RunId), cancellationToken);
        var entries = changes.ConvertAll(c => Entry(c, c.RunId is { } run ? numbers.GetValueOrDefault(run) : null));
        if (!more)
        {
            entries.Add(new TimelineEntry(
                start.Id, start.At, TimelineKind.FirstSeen, start.SubjectKind, start.Id, start.Name, null, null, start.RunId, numbers.GetValueOrDefault(start.RunId)));
        }

        var next = more ? new Cursor(Order, "all", changes[^1].At.UtcTicks.ToString(CultureInfo.InvariantCulture), changes[^1].Id).ToString() : null;
        return new Page<TimelineEntry>(entries, next, new BoundedCount(count.Value + 1));
    }

    public static TimelineEntry Entry(InventoryChange change, long? runNumber) => new(
        change.Id, change.At, Enum.Parse<TimelineKind>(change.Kind.ToString()), change.SubjectKind, change.SubjectId, change.Subject,
        InventoryJson.ReadValue(change.Before), InventoryJson.ReadValue(change.After), change.RunId, runNumber);

    public static async Task<Dictionary<Guid, long?>> NumbersAsync(GovernanceDb db, IEnumerable<Guid?> runs, CancellationToken cancellationToken)
    {
        var ids = runs.OfType<Guid>().Distinct().ToArray();
        return await db.Set<PollRun>().AsNoTracking().Where(r => ids.Contains(r.Id)).Select(r => new { r.Id, r.Number })
            .ToDictionaryAsync(r => r.Id, r => (long?)r.Number, cancellationToken);
    }
}
