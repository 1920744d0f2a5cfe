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
/// <param name="Id">Id of the run.</param>
/// <param name="SourceId">The source that it reads.</param>
/// <param name="Number">Counts the runs of this source from 1: "seen in run 4,788".</param>
/// <param name="Trigger">What caused it.</param>
/// <param name="State">How it stands or ended.</param>
/// <param name="QueuedAt">When it was asked for.</param>
/// <param name="StartedAt">When it began; while it is queued, when it was queued.</param>
/// <param name="EndedAt">When it ended; null: it has not yet.</param>
/// <param name="Progress">What is being read now, for people; null: nothing was said.</param>
/// <param name="ScopesStarted">How many lists it began to read.</param>
/// <param name="ScopesComplete">How many of them it read to their end.</param>
/// <param name="ScopesDenied">How many a permission is missing for.</param>
/// <param name="ScopesFailed">How many could not be read for another reason.</param>
/// <param name="Seen">How many things it saw: identities, credentials, resources, people.</param>
/// <param name="Added">How many of them were new.</param>
/// <param name="Changed">How many of them had changed.</param>
/// <param name="WentMissing">How many that were there before are in no complete list of it.</param>
/// <param name="HeldBack">How many would have gone missing; above 0 while a person has to release that.</param>
/// <param name="CancelRequested">A person asked for its end; it stops at the next batch.</param>
/// <param name="Error">Why it failed, one plain sentence; null: it did not.</param>
public sealed record RunRow(
    Guid Id, Guid SourceId, long Number, PollTrigger Trigger, PollState State, DateTimeOffset QueuedAt, DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt, string? Progress, int ScopesStarted, int ScopesComplete, int ScopesDenied, int ScopesFailed, long Seen, long Added,
    long Changed, long WentMissing, long HeldBack, bool CancelRequested, string? Error)
{
    /// <summary>From its start to its end; null: it has not ended.</summary>
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
