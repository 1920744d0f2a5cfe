namespace NhiGovernance.Jobs;

/// <summary>Topics of change signals that this slice sends.</summary>
public static class JobTopics
{
    /// <summary>A job was asked for, switched, began or ended; the id is a run's, or empty.</summary>
    public const string Job = "job";
}
