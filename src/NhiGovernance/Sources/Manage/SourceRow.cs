namespace NhiGovernance.Sources.Manage;

/// <summary>How many scopes ended how, when they were last read.</summary>
/// <param name="Complete">Read to their end.</param>
/// <param name="Denied">A permission is missing for them.</param>
/// <param name="Failed">Could not be read for another reason.</param>
/// <param name="NotAvailable">The vendor does not offer them there: another plan, or switched off.</param>
/// <param name="NotKnown">Either not offered, or hidden because a permission is missing: the vendor does not tell which.</param>
public sealed record ScopeCounts(int Complete, int Denied, int Failed, int NotAvailable, int NotKnown = 0)
{
    public static readonly ScopeCounts None = new(0, 0, 0, 0);

    /// <summary>All that there are, or may be.</summary>
    public int Offered => Total - NotAvailable;

    /// <summary>All of them together.</summary>
    public int Total => Complete + Denied + Failed + NotAvailable + NotKnown;
}

/// <summary>The run that is queued or running now.</summary>
/// <param name="Id">Id of the run.</param>
/// <param name="Number">Counts the runs of this source from 1.</param>
/// <param name="State">Queued or Running.</param>
/// <param name="StartedAt">When it began; while it is queued, when it was queued.</param>
/// <param name="Progress">What is being read now, for people; null: nothing was said yet.</param>
/// <param name="Seen">How many things it has seen so far.</param>
/// <param name="CancelRequested">A person asked for its end; it stops at the next batch.</param>
public sealed record CurrentRun(Guid Id, long Number, PollState State, DateTimeOffset StartedAt, string? Progress, long Seen, bool CancelRequested);

/// <summary>A source as the list shows it.</summary>
/// <param name="Id">Id of the source.</param>
/// <param name="Name">As people read it.</param>
/// <param name="ConnectorKey">What kind of source it is: "github".</param>
/// <param name="ConnectorTitle">That kind's name.</param>
/// <param name="Icon">The page's picture for that kind.</param>
/// <param name="IsOwn">True for the source that the product made itself.</param>
/// <param name="Host">The host to which its credentials are bound; empty where there is none.</param>
/// <param name="IsEnabled">False: a person switched it off.</param>
/// <param name="IntervalMinutes">Minutes from one poll to the next.</param>
/// <param name="Freshness">Whether what it says is of now.</param>
/// <param name="LastReadAt">End of the last run in which nothing failed; a list that was denied is a gap, not age. Null: none yet.</param>
/// <param name="LastCompleteAt">End of the last run that read every list to its end; null: none yet.</param>
/// <param name="LastRunAt">When its last run ended; null: none did yet.</param>
/// <param name="LastRunId">That run; null: none ended yet.</param>
/// <param name="LastState">How that run ended; null: none ended yet.</param>
/// <param name="LastError">Why the last run failed; null when it did not.</param>
/// <param name="NextRunAt">When it is polled next; null: it is not.</param>
/// <param name="Scopes">How its lists were last read.</param>
/// <param name="Current">The run that waits or runs; null: none.</param>
/// <param name="Version">Counts its changes; send it back with a change.</param>
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
/// <param name="Key">The setting's key, in the connector's words.</param>
/// <param name="Label">As the form calls it.</param>
/// <param name="IsSet">Whether there is one.</param>
/// <param name="SetAt">When it was last set; null: it is not.</param>
/// <param name="KeyId">The key-encryption key that it is sealed with; null: it is not set.</param>
public sealed record SecretRow(string Key, string Label, bool IsSet, DateTimeOffset? SetAt, string? KeyId);
