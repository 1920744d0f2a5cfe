namespace NhiGovernance.Jobs;

/// <summary>
/// Work that repeats. One file a job, found by scanning; its constructor may ask for registered services. It describes itself,
/// so that the page of jobs needs no list. It may run on any worker, is never run twice at a time, and may be killed at any
/// moment: do the work in small transactions that can be repeated.
/// </summary>
public interface IScheduledJob
{
    /// <summary>Stable: "prune-job-runs".</summary>
    string Key { get; }

    /// <summary>"Old job runs".</summary>
    string Title { get; }

    /// <summary>One sentence: what it does.</summary>
    string Does { get; }

    /// <summary>How often, unless a person says otherwise.</summary>
    TimeSpan Every { get; }

    /// <summary>Does it, and says in one sentence what was done. Cancelled by a person, a stopping worker or a lost lease.</summary>
    Task<string> RunAsync(JobContext context, CancellationToken cancellationToken);
}

/// <param name="Now">The database's clock at the start.</param>
/// <param name="Progress">Says what is being done.</param>
public sealed record JobContext(DateTimeOffset Now, Action<string> Progress);
