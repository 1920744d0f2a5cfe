namespace NhiGovernance.Sources;

public enum Freshness
{
    /// <summary>Read within twice its interval (and five minutes).</summary>
    Fresh,

    /// <summary>Read, but too long ago.</summary>
    Stale,

    /// <summary>Not yet read without failures.</summary>
    Never,

    /// <summary>Switched off by a person; its age says nothing.</summary>
    Off,
}

public static class SourceFreshness
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    public static Freshness Of(bool isEnabled, DateTimeOffset? lastReadAt, int intervalMinutes, DateTimeOffset now)
    {
        if (!isEnabled)
        {
            return Freshness.Off;
        }

        return lastReadAt is not { } at ? Freshness.Never
            : now - at <= TimeSpan.FromMinutes(2 * intervalMinutes) + Grace ? Freshness.Fresh
            : Freshness.Stale;
    }
}
