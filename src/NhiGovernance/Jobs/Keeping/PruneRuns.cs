using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources;

namespace NhiGovernance.Jobs.Keeping;

/// <summary>Runs are what time-lines point at, so they stay for 400 days; the newest of a source, and one that waits for a person, stay for ever.</summary>
internal sealed class PruneRuns(IDbContextFactory<GovernanceDb> contexts, IEnumerable<IRunRemnants> remnants) : IScheduledJob
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(400);
    private static readonly TimeSpan KeptJobs = TimeSpan.FromDays(90);

    public string Key => "prune-runs";

    public string Title => "Old runs";

    public string Does => "Removes poll runs older than 400 days, job runs older than 90 days, and what ended runs left behind.";

    public TimeSpan Every => TimeSpan.FromHours(12);

    public async Task<string> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (oldPoll, oldJob) = (context.Now - Kept, context.Now - KeptJobs);
        context.Progress("what killed runs left");
        var left = 0L;
        foreach (var slice in remnants)
        {
            left += await slice.RemoveAsync(db, cancellationToken);
        }

        context.Progress("poll runs");
        var polls = await db.Set<PollRun>()
            .Where(r => r.EndedAt != null && r.StartedAt < oldPoll && r.State != PollState.Held && !db.Set<Source>().Any(s => s.LastRunId == r.Id))
            .ExecuteDeleteAsync(cancellationToken);
        context.Progress("job runs");
        var jobs = await db.Set<JobRun>()
            .Where(r => r.EndedAt != null && r.StartedAt < oldJob && !db.Set<ScheduledJob>().Any(j => j.LastRunId == r.Id))
            .ExecuteDeleteAsync(cancellationToken);
        return $"{polls} poll runs, {jobs} job runs and {left} remnants of runs removed.";
    }
}
