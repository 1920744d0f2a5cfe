using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Jobs;

/// <param name="Key">As in <see cref="JobRow.Key"/>.</param>
public sealed record RunJobNowRequest(string Key);

/// <summary>Asks for a job now; any worker takes it at once, switched on or not.</summary>
public sealed class RunJobNow(CommandDoor door, JobCatalogue jobs, PollQueue queue) : Command<RunJobNowRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageJobs;

    protected override async Task<Result<Done>> ApplyAsync(RunJobNowRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (JobKeys.SourceOf(request.Key) is { } sourceId)
        {
            if (!await context.Db.Set<Source>().AnyAsync(s => s.Id == sourceId && s.RemovedAt == null, cancellationToken))
            {
                return new Error.NotFound("This job");
            }

            var run = await queue.AddAsync(context.Db, sourceId, PollTrigger.Person, TimeSpan.Zero, cancellationToken);
            context.Audit("source.poll-now", "source", sourceId, null, new { run.RunId });
            context.Signal(SourceTopics.Run, run.RunId);
            return Done.Value;
        }

        if (jobs.Find(request.Key) is not { } job)
        {
            return new Error.NotFound("This job");
        }

        var asked = await JobKeys.Row(context.Db, job).ExecuteUpdateAsync(j => j.SetProperty(x => x.RequestedAt, context.Now), cancellationToken);
        if (asked == 0)
        {
            context.Db.Add(new ScheduledJob { Key = job.Key, IntervalMinutes = (int)job.Every.TotalMinutes, RequestedAt = context.Now });
        }

        context.Audit("job.run-now", "job", job.Key, null, new { job.Key }, job.Key);
        context.Signal(JobTopics.Job, Guid.Empty);
        return Done.Value;
    }
}

public sealed record CancelJobRequest(string Key);

/// <summary>Asks what runs, or waits, to stop.</summary>
public sealed class CancelJob(CommandDoor door, JobCatalogue jobs) : Command<CancelJobRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageJobs;

    protected override async Task<Result<Done>> ApplyAsync(CancelJobRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (JobKeys.SourceOf(request.Key) is { } sourceId)
        {
            var runs = context.Db.Set<PollRun>().Where(r => r.SourceId == sourceId);
            var waiting = await runs.Where(r => r.State == PollState.Queued).ExecuteUpdateAsync(
                r => r.SetProperty(x => x.State, PollState.Cancelled).SetProperty(x => x.EndedAt, context.Now)
                    .SetProperty(x => x.Error, "A person cancelled it."),
                cancellationToken);
            var running = await runs.Where(r => r.State == PollState.Running)
                .ExecuteUpdateAsync(r => r.SetProperty(x => x.CancelRequested, true), cancellationToken);
            if (waiting + running == 0)
            {
                return new Error.Conflict("This job does not run.");
            }

            context.Audit("source.run-cancel", "source", sourceId, null, new { sourceId });
            context.Signal(SourceTopics.Source, sourceId);
            return Done.Value;
        }

        if (jobs.Find(request.Key) is not { } job)
        {
            return new Error.NotFound("This job");
        }

        var stopped = await JobKeys.Row(context.Db, job).Where(j => j.LeaseHolder != null || j.RequestedAt != null).ExecuteUpdateAsync(
            j => j.SetProperty(x => x.CancelRequested, x => x.LeaseHolder != null).SetProperty(x => x.RequestedAt, (DateTimeOffset?)null), cancellationToken);
        if (stopped == 0)
        {
            return new Error.Conflict("This job does not run.");
        }

        context.Audit("job.cancel", "job", job.Key, null, new { job.Key }, job.Key);
        context.Signal(JobTopics.Job, Guid.Empty);
        return Done.Value;
    }
}

internal static class JobKeys
{
    private const string Poll = "poll:";

    public static Guid? SourceOf(string key) =>
        key.StartsWith(Poll, StringComparison.Ordinal) && Guid.TryParse(key.AsSpan(Poll.Length), out var id) ? id : null;

    public static IQueryable<ScheduledJob> Row(GovernanceDb db, IScheduledJob job)
    {
        var key = job.Key;
        return db.Set<ScheduledJob>().Where(j => j.Key == key);
    }
}
