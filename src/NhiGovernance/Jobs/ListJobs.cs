using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources;

namespace NhiGovernance.Jobs;

/// <param name="Kind">Only jobs of this kind; null for all.</param>
/// <param name="State">Only jobs that run or wait, or that are switched off; null for all.</param>
/// <param name="Cursor">From the page before; null for the first.</param>
/// <param name="Limit">1 to 200.</param>
public sealed record ListJobsRequest(JobKind? Kind = null, JobFilter? State = null, string? Cursor = null, int Limit = 50);

public enum JobKind
{
    /// <summary>Reads a source.</summary>
    Poll,

    /// <summary>Keeps the house.</summary>
    Keeping,
}

public enum JobFilter
{
    /// <summary>Running, or waiting for a worker.</summary>
    Running,

    /// <summary>Switched off.</summary>
    Off,
}

/// <summary>A job as the list shows it.</summary>
/// <param name="Key">"poll:{source id}", or the job's own key.</param>
/// <param name="Kind">Poll of a source, or house-keeping.</param>
/// <param name="SourceId">The source that it polls; null for house-keeping.</param>
/// <param name="Title">As people read it; of a poll the source's name.</param>
/// <param name="Does">What it does, in a sentence.</param>
/// <param name="IsEnabled">False: a person switched it off.</param>
/// <param name="IntervalMinutes">Minutes from one run to the next.</param>
/// <param name="NextRunAt">When it runs next; null while it is switched off.</param>
/// <param name="State">Idle, Queued, Running.</param>
/// <param name="Progress">What it is doing now; null: it is not running, or has not said.</param>
/// <param name="RunId">The run that is waiting or running.</param>
/// <param name="LastEndedAt">When the last run ended; null: none did yet.</param>
/// <param name="LastOutcome">A word of <see cref="JobOutcome"/> or <see cref="PollState"/>.</param>
/// <param name="LastMessage">What the last run said; null: nothing.</param>
/// <param name="Seconds">How long the newest runs took, oldest first; at most 20.</param>
public sealed record JobRow(
    string Key, JobKind Kind, Guid? SourceId, string Title, string Does, bool IsEnabled, int IntervalMinutes, DateTimeOffset? NextRunAt,
    string State, string? Progress, Guid? RunId, DateTimeOffset? LastEndedAt, string? LastOutcome, string? LastMessage, IReadOnlyList<double> Seconds);

/// <summary>Everything that runs by itself: a poll for each source by its name, then the house-keeping.</summary>
public sealed class ListJobs(QueryDoor door, JobCatalogue jobs) : Query<ListJobsRequest, Page<JobRow>>(door)
{
    public const int MaxLimit = 200;

    public override Permission Permission => Permission.ReadJobs;

    protected override async Task<Result<Page<JobRow>>> ReadAsync(ListJobsRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        if (request is { Kind: { } kind } && !Enum.IsDefined(kind))
        {
            return new Error.Invalid("kind", $"kind is one of {string.Join(", ", Enum.GetNames<JobKind>())}.");
        }

        if (request is { State: { } state } && !Enum.IsDefined(state))
        {
            return new Error.Invalid("state", $"state is one of {string.Join(", ", Enum.GetNames<JobFilter>())}.");
        }

        // The list is short and in one order, so a cursor is a position: a number of rows to leave out, opaque to callers.
        var (limit, offset) = (Math.Clamp(request.Limit, 1, MaxLimit), 0);
        if (!string.IsNullOrEmpty(request.Cursor)
            && !(request.Cursor.StartsWith('p') && int.TryParse(request.Cursor.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out offset)))
        {
            return Cursors.NoneOfOurs;
        }

        var sources = Sources(context, request);
        var polls = await sources.CountAsync(cancellationToken);
        var keeping = await KeepingAsync(request, context, cancellationToken);
        var rows = offset < polls ? await PollsAsync(context, sources.OrderBy(s => s.Name).ThenBy(s => s.Id).Skip(offset).Take(limit), cancellationToken) : [];
        rows.AddRange(keeping.Skip(Math.Max(0, offset - polls)).Take(limit - rows.Count));
        var all = polls + keeping.Count;
        var next = offset + rows.Count < all && rows.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"p{offset + rows.Count}") : null;
        return new Page<JobRow>(rows, next, new BoundedCount(Math.Min(all, BoundedCount.Limit + 1)));
    }

    private static IQueryable<Source> Sources(QueryContext context, ListJobsRequest request)
    {
        var runs = context.Db.Set<PollRun>();
        var sources = context.Db.Set<Source>().Where(s => s.RemovedAt == null && request.Kind != JobKind.Keeping);
        return request.State switch
        {
            null => sources,
            JobFilter.Running => sources.Where(s => runs.Any(r => r.SourceId == s.Id && (r.State == PollState.Queued || r.State == PollState.Running))),
            _ => sources.Where(s => !s.IsEnabled),
        };
    }

    private static async Task<List<JobRow>> PollsAsync(QueryContext context, IQueryable<Source> page, CancellationToken cancellationToken)
    {
        var runs = context.Db.Set<PollRun>();
        var sources = await page
            .Select(s => new
            {
                s.Id,
                s.Name,
                s.IsEnabled,
                s.IntervalMinutes,
                s.NextRunAt,
                s.LastRunAt,
                s.LastState,
                Error = runs.Where(r => r.Id == s.LastRunId).Select(r => r.Error).FirstOrDefault(),
                Ended = runs.Where(r => r.SourceId == s.Id && r.EndedAt != null).OrderByDescending(r => r.Number).Take(20)
                    .Select(r => new { r.StartedAt, r.EndedAt }).ToList(),
            }).ToListAsync(cancellationToken);
        var ids = sources.ConvertAll(s => s.Id);
        var current = await runs.Where(r => ids.Contains(r.SourceId) && (r.State == PollState.Queued || r.State == PollState.Running))
            .Select(r => new { r.Id, r.SourceId, r.State, r.Progress }).ToListAsync(cancellationToken);
        return [.. sources.Select(s =>
        {
            var now = current.Where(r => r.SourceId == s.Id).OrderByDescending(r => r.State == PollState.Running).FirstOrDefault();
            return new JobRow(
                $"poll:{s.Id}", JobKind.Poll, s.Id, s.Name, "Reads this source.", s.IsEnabled, s.IntervalMinutes, s.IsEnabled ? s.NextRunAt : null,
                now?.State.ToString() ?? "Idle", now?.Progress, now?.Id, s.LastRunAt, s.LastState?.ToString(), s.Error,
                [.. s.Ended.Select(r => (r.EndedAt!.Value - r.StartedAt).TotalSeconds).Reverse()]);
        })];
    }

    // One file a job, so they are few, and all of them are read.
    private async Task<List<JobRow>> KeepingAsync(ListJobsRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var rows = new List<JobRow>();
        foreach (var job in request.Kind == JobKind.Poll ? [] : jobs.All)
        {
            rows.Add(await KeepingAsync(job, context, cancellationToken));
        }

        return [.. rows.Where(j => request.State switch { JobFilter.Running => j.State != "Idle", JobFilter.Off => !j.IsEnabled, _ => true })];
    }

    private static async Task<JobRow> KeepingAsync(IScheduledJob job, QueryContext context, CancellationToken cancellationToken)
    {
        var row = await context.Db.Set<ScheduledJob>().SingleOrDefaultAsync(j => j.Key == job.Key, cancellationToken);
        var ended = await context.Db.Set<JobRun>().Where(r => r.JobKey == job.Key && r.EndedAt != null)
            .OrderByDescending(r => r.StartedAt).Take(20).ToListAsync(cancellationToken);
        var running = row?.LeaseHolder is not null && row.LeaseUntil > context.Now;
        var last = ended.FirstOrDefault();
        return new JobRow(
            job.Key, JobKind.Keeping, null, job.Title, job.Does, row?.IsEnabled ?? true, row?.IntervalMinutes ?? (int)job.Every.TotalMinutes,
            row is { IsEnabled: true } ? row.NextRunAt : null, running ? "Running" : row?.RequestedAt is not null ? "Queued" : "Idle",
            row?.Progress, running ? row!.LastRunId : null, last?.EndedAt, last?.Outcome.ToString(), last?.Message,
            [.. ended.Select(r => (r.EndedAt!.Value - r.StartedAt).TotalSeconds).Reverse()]);
    }
}
