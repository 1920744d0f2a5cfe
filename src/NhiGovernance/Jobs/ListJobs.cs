using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources;

namespace NhiGovernance.Jobs;

public sealed record ListJobsRequest;

public enum JobKind
{
    /// <summary>Reads a source.</summary>
    Poll,

    /// <summary>Keeps the house.</summary>
    Keeping,
}

/// <summary>A job as the list shows it.</summary>
/// <param name="Key">"poll:{source id}", or the job's own key.</param>
/// <param name="State">Idle, Queued, Running.</param>
/// <param name="RunId">The run that is waiting or running.</param>
/// <param name="LastOutcome">A word of <see cref="JobOutcome"/> or <see cref="PollState"/>.</param>
/// <param name="Seconds">How long the newest runs took, oldest first; at most 20.</param>
public sealed record JobRow(
    string Key, JobKind Kind, Guid? SourceId, string Title, string Does, bool IsEnabled, int IntervalMinutes, DateTimeOffset? NextRunAt,
    string State, string? Progress, Guid? RunId, DateTimeOffset? LastEndedAt, string? LastOutcome, string? LastMessage, IReadOnlyList<double> Seconds);

/// <summary>Everything that runs by itself: a poll for each source, and the house-keeping.</summary>
public sealed class ListJobs(QueryDoor door, JobCatalogue jobs) : Query<ListJobsRequest, IReadOnlyList<JobRow>>(door)
{
    private const int Most = 500;

    public override Permission Permission => Permission.ReadJobs;

    protected override async Task<Result<IReadOnlyList<JobRow>>> ReadAsync(ListJobsRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var rows = await PollsAsync(context, cancellationToken);
        foreach (var job in jobs.All)
        {
            rows.Add(await KeepingAsync(job, context, cancellationToken));
        }

        return rows;
    }

    private static async Task<List<JobRow>> PollsAsync(QueryContext context, CancellationToken cancellationToken)
    {
        var runs = context.Db.Set<PollRun>();
        var sources = await context.Db.Set<Source>().Where(s => s.RemovedAt == null).OrderBy(s => s.Name).Take(Most)
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
        var current = await runs.Where(r => r.State == PollState.Queued || r.State == PollState.Running)
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
