namespace NhiGovernance.Sources.Connectors.GitHub.Http;

/// <summary>How hard the connector may try. Network times run by the machine's clock, waits by the run's clock.</summary>
internal sealed record GitHubLimits
{
    /// <summary>GitHub allows 100 at once, and asks for few: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>How long one run may stand still for limits, in all. Past that its remaining lists fail, with the instant of the reset.</summary>
    public TimeSpan WaitBudget { get; init; } = TimeSpan.FromMinutes(65);

    /// <summary>Tries of one request that meets 5xx, time-outs, resets or broken bodies.</summary>
    public int Attempts { get; init; } = 4;

    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A secondary limit without Retry-After: "wait at least one minute", then longer each time.</summary>
    public TimeSpan SecondaryWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Waits for limits that one request may cause before it fails.</summary>
    public int LimitWaits { get; init; } = 4;

    /// <summary>From sending a request to the last byte of its answer.</summary>
    public TimeSpan RequestTime { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>A page of 100 of the largest objects is about 1 MB.</summary>
    public long MaxBody { get; init; } = 16L * 1024 * 1024;

    /// <summary>GitHub's largest.</summary>
    public int PageSize { get; init; } = 100;

    public int MaxPages { get; init; } = 5000;

    /// <summary>How often a list that changes while it is read is read again before its scope fails.</summary>
    public int MaxPasses { get; init; } = 4;

    /// <summary>A list is read in full at least this often, whatever its entity tags say.</summary>
    public TimeSpan TrustTagsFor { get; init; } = TimeSpan.FromHours(24);
}
