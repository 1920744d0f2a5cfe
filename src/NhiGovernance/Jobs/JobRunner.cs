using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Jobs;

/// <summary>Runs a job once, on one worker at a time: a lease judged by the database's clock, renewed while it runs.</summary>
public sealed class JobRunner(
    IDbContextFactory<GovernanceDb> contexts, IDialect dialect, JobCatalogue jobs, IAuditTrail trail, JobOptions options, TimeProvider clock,
    ILogger<JobRunner> log)
{
    /// <summary>Makes the rows of jobs that are new in this version.</summary>
    public async Task EnsureRowsAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await dialect.LockAsync(db, "scheduled-jobs", cancellationToken);
        var there = await db.Set<ScheduledJob>().Select(j => j.Key).ToListAsync(cancellationToken);
        foreach (var job in jobs.All.Where(j => !there.Contains(j.Key)))
        {
            db.Add(new ScheduledJob { Key = job.Key, IntervalMinutes = Math.Max(1, (int)job.Every.TotalMinutes) });
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Runs what people asked for. Returns how many it ran.</summary>
    public async Task<int> RunRequestedAsync(CancellationToken stop)
    {
        List<string> asked;
        await using (var db = await contexts.CreateDbContextAsync(stop))
        {
            asked = await db.Set<ScheduledJob>().Where(j => j.RequestedAt != null).Select(j => j.Key).ToListAsync(stop);
        }

        var ran = 0;
        foreach (var key in asked)
        {
            ran += await RunAsync(key, JobTrigger.Person, stop) is null ? 0 : 1;
        }

        return ran;
    }

    /// <returns>How it ended; null when it is switched off, unknown, not asked for, or running elsewhere.</returns>
    public async Task<JobOutcome?> RunAsync(string key, JobTrigger trigger, CancellationToken stop)
    {
        if (jobs.Find(key) is not { } job || await TakeAsync(key, trigger, stop) is not { } run)
        {
            return null;
        }

        JobOutcome outcome;
        string message;
        await using (var pulse = new JobPulse(run, contexts, dialect, options, clock))
        {
            using var working = CancellationTokenSource.CreateLinkedTokenSource(stop, pulse.Cancelled, pulse.Lost);
            try
            {
                message = await job.RunAsync(new JobContext(run.StartedAt, pulse.Say), working.Token);
                outcome = JobOutcome.Done;
            }
            catch (OperationCanceledException) when (working.IsCancellationRequested)
            {
                (outcome, message) = pulse.Lost.IsCancellationRequested ? (JobOutcome.Abandoned, "It lost its lease.")
                    : (JobOutcome.Cancelled, stop.IsCancellationRequested ? "The worker was stopped." : "A person cancelled it.");
            }
            catch (Exception error)
            {
                log.LogError("Job {Job} failed: {Fault} at {Where}", key, error.GetType().Name, error.StackTrace);
                (outcome, message) = (JobOutcome.Failed, $"An unexpected fault ({error.GetType().Name}). The log says more.");
            }
        }

        await EndAsync(run, outcome, message);
        return outcome;
    }

    private async Task<RunningJob?> TakeAsync(string key, JobTrigger trigger, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = await dialect.NowAsync(db, cancellationToken);
        var until = now + options.Lease;
        var runId = Ids.New(clock);
        var free = db.Set<ScheduledJob>().Where(j => j.Key == key && (j.LeaseUntil == null || j.LeaseUntil <= now));
        free = trigger == JobTrigger.Schedule ? free.Where(j => j.IsEnabled) : free.Where(j => j.RequestedAt != null);
        var taken = await free.ExecuteUpdateAsync(
            j => j.SetProperty(x => x.Fence, x => x.Fence + 1).SetProperty(x => x.LeaseHolder, options.Holder).SetProperty(x => x.LeaseUntil, until)
                .SetProperty(x => x.RequestedAt, (DateTimeOffset?)null).SetProperty(x => x.CancelRequested, false)
                .SetProperty(x => x.Progress, (string?)null).SetProperty(x => x.LastRunId, runId),
            cancellationToken);
        if (taken == 0)
        {
            return null;
        }

        var fence = await db.Set<ScheduledJob>().Where(j => j.Key == key).Select(j => j.Fence).SingleAsync(cancellationToken);
        await db.Set<JobRun>().Where(r => r.JobKey == key && r.Outcome == JobOutcome.Running).ExecuteUpdateAsync(
            r => r.SetProperty(x => x.Outcome, JobOutcome.Abandoned).SetProperty(x => x.EndedAt, now)
                .SetProperty(x => x.Message, "Its worker stopped or lost touch."),
            cancellationToken);
        db.Add(new JobRun { Id = runId, JobKey = key, Trigger = trigger, Outcome = JobOutcome.Running, StartedAt = now });
        await db.SaveChangesAsync(cancellationToken);
        await dialect.SignalAsync(db, new ChangeSignal(JobTopics.Job, runId), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new RunningJob(key, runId, fence, now);
    }

    private async Task EndAsync(RunningJob run, JobOutcome outcome, string message)
    {
        // The end is written even when the worker is being stopped.
        await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        var now = await dialect.NowAsync(db, CancellationToken.None);
        var text = TextCut.To(message, 1000);
        await db.Set<ScheduledJob>().Where(j => j.Key == run.Key && j.Fence == run.Fence).ExecuteUpdateAsync(
            j => j.SetProperty(x => x.LeaseHolder, (string?)null).SetProperty(x => x.LeaseUntil, (DateTimeOffset?)null)
                .SetProperty(x => x.Progress, (string?)null).SetProperty(x => x.CancelRequested, false),
            CancellationToken.None);
        await db.Set<JobRun>().Where(r => r.Id == run.RunId && r.Outcome == JobOutcome.Running).ExecuteUpdateAsync(
            r => r.SetProperty(x => x.Outcome, outcome).SetProperty(x => x.EndedAt, now).SetProperty(x => x.Message, text), CancellationToken.None);
        await dialect.SignalAsync(db, new ChangeSignal(JobTopics.Job, run.RunId), CancellationToken.None);
        await trail.AppendAsync(
            db, Actor.System("job"), $"job:{run.RunId}",
            [new AuditRecord("job.run", "job", run.Key, null, new { run.RunId, Outcome = outcome.ToString(), Message = text }, $"{run.Key} {outcome}")],
            CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }
}

internal sealed record RunningJob(string Key, Guid RunId, long Fence, DateTimeOffset StartedAt);

/// <summary>How jobs run in this process.</summary>
public sealed record JobOptions
{
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(2);

    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(1);

    public string Holder { get; init; } = $"{Environment.MachineName}:{Environment.ProcessId}";
}
