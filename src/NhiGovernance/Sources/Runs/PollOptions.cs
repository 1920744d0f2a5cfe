namespace NhiGovernance.Sources.Runs;

/// <summary>How polls run in this process.</summary>
public sealed record PollOptions
{
    /// <summary>How long a lease lasts unless renewed; a dead worker's source is taken over after this.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often progress is written, cancellation is looked for and, every third of the lease, the lease is renewed.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Sources that this process reads at the same time.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>A run that takes longer is ended as Partial.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(6);

    /// <summary>The product's data folder; null when there is none.</summary>
    public string? DataFolder { get; init; }

    /// <summary>This worker's name in leases: machine and process.</summary>
    public string Holder { get; init; } = $"{Environment.MachineName}:{Environment.ProcessId}";
}
