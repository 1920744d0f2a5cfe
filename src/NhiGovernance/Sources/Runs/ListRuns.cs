using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Sources.Runs;

/// <param name="State">Only runs in this state; null for all.</param>
/// <param name="Trigger">Only runs that this started; null for all.</param>
public sealed record ListRunsRequest(
    Guid SourceId, string? Cursor = null, int Limit = 25, PollState? State = null, PollTrigger? Trigger = null);

/// <summary>A run as a list shows it.</summary>
public sealed record RunRow(
    Guid Id, Guid SourceId, long Number, PollTrigger Trigger, PollState State, DateTimeOffset QueuedAt, DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt, string? Progress, int ScopesStarted, int ScopesComplete, int ScopesDenied, int ScopesFailed, long Seen, long Added,
    long Changed, long WentMissing, long HeldBack, bool CancelRequested, string? Error)
{
    public TimeSpan? Duration => EndedAt - StartedAt;

    internal static readonly System.Linq.Expressions.Expression<Func<PollRun, RunRow>> From = r => new RunRow(
        r.Id, r.SourceId, r.Number, r.Trigger, r.State, r.QueuedAt, r.StartedAt, r.EndedAt, r.Progress, r.ScopesStarted, r.ScopesComplete,
        r.ScopesDenied, r.ScopesFailed, r.Seen, r.Added, r.Changed, r.WentMissing, r.HeldBack, r.CancelRequested, r.Error);
}

/// <summary>The runs of a source, newest first.</summary>
public sealed class ListRuns(QueryDoor door) : Query<ListRunsRequest, Page<RunRow>>(door)
{
    public override Permission Permission => Permission.ReadSources;

    protected override async Task<Result<Page<RunRow>>> ReadAsync(ListRunsRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(request.Limit, 1, 200);
        var runs = context.Db.Set<PollRun>().Where(r => r.SourceId == request.SourceId);
        if (!await context.Db.Set<Source>().AnyAsync(s => s.Id == request.SourceId && s.RemovedAt == null, cancellationToken))
        {
            return new Error.NotFound("This source");
        }

        runs = request.State is { } state ? runs.Where(r => r.State == state) : runs;
        runs = request.Trigger is { } trigger ? runs.Where(r => r.Trigger == trigger) : runs;
        var count = new BoundedCount(await runs.Take(BoundedCount.Limit + 1).CountAsync(cancellationToken));
        if (!string.IsNullOrEmpty(request.Cursor))
        {
            if (!long.TryParse(request.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var before))
            {
                return Cursors.NoneOfOurs;
            }

            runs = runs.Where(r => r.Number < before);
        }

        var rows = await runs.OrderByDescending(r => r.Number).Take(limit + 1).Select(RunRow.From).ToListAsync(cancellationToken);
        var more = rows.Count > limit;
        return new Page<RunRow>(
            more ? rows[..limit] : rows, more ? rows[limit - 1].Number.ToString(CultureInfo.InvariantCulture) : null, count);
    }
}
