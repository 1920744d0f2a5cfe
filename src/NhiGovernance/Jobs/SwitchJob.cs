using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources;

namespace NhiGovernance.Jobs;

public sealed record EnableJobRequest(string Key);

/// <summary>Lets the schedule run a job again.</summary>
public sealed class EnableJob(CommandDoor door, JobCatalogue jobs) : Command<EnableJobRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageJobs;

    protected override Task<Result<Done>> ApplyAsync(EnableJobRequest request, CommandContext context, CancellationToken cancellationToken) =>
        SwitchJob.ApplyAsync(request.Key, true, jobs, context, cancellationToken);
}

public sealed record DisableJobRequest(string Key);

/// <summary>Stops the schedule of a job; "run now" still works.</summary>
public sealed class DisableJob(CommandDoor door, JobCatalogue jobs) : Command<DisableJobRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageJobs;

    protected override Task<Result<Done>> ApplyAsync(DisableJobRequest request, CommandContext context, CancellationToken cancellationToken) =>
        SwitchJob.ApplyAsync(request.Key, false, jobs, context, cancellationToken);
}

internal static class SwitchJob
{
    public static async Task<Result<Done>> ApplyAsync(
        string key, bool on, JobCatalogue jobs, CommandContext context, CancellationToken cancellationToken)
    {
        if (JobKeys.SourceOf(key) is { } sourceId)
        {
            var source = await context.Db.Set<Source>().SingleOrDefaultAsync(s => s.Id == sourceId && s.RemovedAt == null, cancellationToken);
            if (source is null)
            {
                return new Error.NotFound("This job");
            }

            context.Audit(on ? "source.enable" : "source.disable", "source", sourceId, new { source.IsEnabled }, new { IsEnabled = on });
            source.IsEnabled = on;
            context.Signal(SourceTopics.Source, sourceId);
            return Done.Value;
        }

        if (jobs.Find(key) is not { } job)
        {
            return new Error.NotFound("This job");
        }

        // A job without a row is on.
        var row = JobKeys.Row(context.Db, job);
        var before = await row.Select(j => (bool?)j.IsEnabled).SingleOrDefaultAsync(cancellationToken) ?? true;
        var changed = await row.ExecuteUpdateAsync(j => j.SetProperty(x => x.IsEnabled, on), cancellationToken);
        if (changed == 0)
        {
            context.Db.Add(new ScheduledJob { Key = job.Key, IntervalMinutes = (int)job.Every.TotalMinutes, IsEnabled = on });
        }

        context.Audit(on ? "job.enable" : "job.disable", "job", job.Key, new { job.Key, IsEnabled = before }, new { job.Key, IsEnabled = on }, job.Key);
        context.Signal(JobTopics.Job, Guid.Empty);
        return Done.Value;
    }
}
