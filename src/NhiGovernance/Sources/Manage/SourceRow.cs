namespace NhiGovernance.Sources.Manage;

/// <summary>How many scopes ended how, when they were last read.</summary>
public sealed record ScopeCounts(int Complete, int Denied, int Failed, int NotAvailable)
{
    public static readonly ScopeCounts None = new(0, 0, 0, 0);

    public int Total => Complete + Denied + Failed + NotAvailable;
}

/// <summary>The run that is queued or running now.</summary>
public sealed record CurrentRun(Guid Id, long Number, PollState State, DateTimeOffset StartedAt, string? Progress, long Seen, bool CancelRequested);

/// <summary>A source as the list shows it.</summary>
/// <param name="IsOwn">True for the source that the product made itself.</param>
/// <param name="LastError">Why the last run failed; null when it did not.</param>
/// <param name="HeldRunId">The run that waits for a person's decision, be it the last one or not; null when none does.</param>
public sealed record SourceRow(
    Guid Id,
    string Name,
    string ConnectorKey,
    string ConnectorTitle,
    string Icon,
    bool IsOwn,
    string Host,
    bool IsEnabled,
    int IntervalMinutes,
    Freshness Freshness,
    DateTimeOffset? LastReadAt,
    DateTimeOffset? LastCompleteAt,
    DateTimeOffset? LastRunAt,
    Guid? LastRunId,
    PollState? LastState,
    string? LastError,
    DateTimeOffset? NextRunAt,
    ScopeCounts Scopes,
    CurrentRun? Current,
    long Version,
    Guid? HeldRunId = null);

/// <summary>A credential of a source as it may be shown: never the value.</summary>
public sealed record SecretRow(string Key, string Label, bool IsSet, DateTimeOffset? SetAt, string? KeyId);
