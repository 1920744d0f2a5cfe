namespace NhiGovernance.Sources;

/// <summary>Topics of change signals that this slice sends.</summary>
public static class SourceTopics
{
    /// <summary>A source was added, changed or removed; the id is the source's.</summary>
    public const string Source = "source";

    /// <summary>A run was queued, made progress or ended; the id is the run's.</summary>
    public const string Run = "poll-run";
}
