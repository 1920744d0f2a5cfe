using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Audit;

/// <summary>Which entries. Each null means "any".</summary>
/// <param name="Action">A whole action ("token.revoke"), or its beginning up to a dot ("token.").</param>
/// <param name="ActorId">An account's or token's id, or the system's part.</param>
/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive.</param>
public sealed record AuditFilter(
    string? Action = null, string? ActorId = null, string? TargetKind = null, string? TargetId = null,
    DateTimeOffset? From = null, DateTimeOffset? Until = null)
{
    internal IQueryable<AuditEntry> Apply(IQueryable<AuditEntry> entries)
    {
        if (!string.IsNullOrWhiteSpace(Action))
        {
            var action = Action.Trim();
            entries = action.EndsWith('.') ? entries.Where(e => e.Action.StartsWith(action)) : entries.Where(e => e.Action == action);
        }

        if (!string.IsNullOrWhiteSpace(ActorId))
        {
            var actor = ActorId.Trim();
            entries = entries.Where(e => e.ActorId == actor);
        }

        if (!string.IsNullOrWhiteSpace(TargetKind))
        {
            var kind = TargetKind.Trim();
            entries = entries.Where(e => e.TargetKind == kind);
        }

        if (!string.IsNullOrWhiteSpace(TargetId))
        {
            var target = TargetId.Trim();
            entries = entries.Where(e => e.TargetId == target);
        }

        if (From is { } from)
        {
            entries = entries.Where(e => e.At >= from);
        }

        return Until is { } until ? entries.Where(e => e.At < until) : entries;
    }
}

/// <param name="Cursor">From the page before.</param>
public sealed record ListAuditEntriesRequest(AuditFilter Filter, string? Cursor = null, int Limit = 50);

/// <summary>An entry as readers see it. <paramref name="ActorName"/> is null where the reader may not know people, or nobody does.</summary>
/// <param name="Sequence">From 1, without a gap.</param>
/// <param name="At">When it was written, by the database's clock.</param>
/// <param name="ActorKind">What kind of actor did it.</param>
/// <param name="ActorId">Id of the account or token; for the system the name of its part: "poll".</param>
/// <param name="ActorName">The actor's name; null where the reader may not know people, or nobody has that id any more.</param>
/// <param name="Action">What was done: "source.create".</param>
/// <param name="TargetKind">What kind of thing it was done to: "source".</param>
/// <param name="TargetId">Id or key of that thing.</param>
/// <param name="Note">One line for readers; null when there is nothing to add.</param>
/// <param name="BeforeDigest">SHA-256 of the thing's state before, hex; null when there was none.</param>
/// <param name="AfterDigest">SHA-256 of the thing's state afterwards, hex; null when there is none.</param>
/// <param name="RequestId">The request that caused it.</param>
/// <param name="Hash">SHA-256 of the entry's canonical bytes, which begin with the hash of the entry before; lower-case hex.</param>
public sealed record AuditRow(
    long Sequence, DateTimeOffset At, ActorKind ActorKind, string ActorId, string? ActorName, string Action, string TargetKind, string TargetId,
    string? Note, string? BeforeDigest, string? AfterDigest, string RequestId, string Hash);

/// <summary>The log, newest first.</summary>
public sealed class ListAuditEntries(QueryDoor door, IActorNames names) : Query<ListAuditEntriesRequest, Page<AuditRow>>(door)
{
    public override Permission Permission => Permission.ReadAudit;

    protected override async Task<Result<Page<AuditRow>>> ReadAsync(
        ListAuditEntriesRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(request.Limit, 1, 200);
        var entries = request.Filter.Apply(context.Db.Set<AuditEntry>());
        var count = await entries.Take(BoundedCount.Limit + 1).CountAsync(cancellationToken);
        if (!string.IsNullOrEmpty(request.Cursor))
        {
            if (!long.TryParse(request.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var before))
            {
                return Cursors.NoneOfOurs;
            }

            entries = entries.Where(e => e.Sequence < before);
        }

        var page = await entries.OrderByDescending(e => e.Sequence).Take(limit + 1).ToListAsync(cancellationToken);
        var next = page.Count > limit ? page[limit - 1].Sequence.ToString(CultureInfo.InvariantCulture) : null;
        page = [.. page.Take(limit)];
        var known = await NamesAsync(page, context, cancellationToken);
        return new Page<AuditRow>([.. page.Select(e => ToRow(e, known))], next, new BoundedCount(count));
    }

    internal static AuditRow ToRow(AuditEntry e, IReadOnlyDictionary<Guid, string>? names) => new(
        e.Sequence, e.At, e.ActorKind, e.ActorId,
        names is not null && Guid.TryParse(e.ActorId, out var id) ? names.GetValueOrDefault(id) : null,
        e.Action, e.TargetKind, e.TargetId, e.Note, e.BeforeDigest, e.AfterDigest, e.RequestId, Convert.ToHexStringLower(e.Hash));

    private async Task<IReadOnlyDictionary<Guid, string>?> NamesAsync(List<AuditEntry> page, QueryContext context, CancellationToken cancellationToken)
    {
        if (context.Actor.Refuses(Permission.ReadPeople, context.Now) is not null)
        {
            return null;
        }

        var ids = page.Select(e => Guid.TryParse(e.ActorId, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).Distinct().ToList();
        return ids.Count == 0 ? null : await names.ReadAsync(context.Db, ids, cancellationToken);
    }
}
