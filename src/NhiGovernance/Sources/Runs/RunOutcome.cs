namespace NhiGovernance.Sources.Runs;

/// <summary>How a reading ended, before the counts are looked at.</summary>
internal enum ReadingEnd
{
    ReadToEnd,
    Failed,
    Cancelled,
    Stopped,

    /// <summary>The source answered; the inventory could not keep it.</summary>
    NotStored,
}

/// <summary>From how the reading ended and what was counted to the run's state. Pure.</summary>
internal static class RunOutcome
{
    /// <param name="isPart">It was to read some lists only. That these are not there any more is no failure.</param>
    public static PollState Of(ReadingEnd end, RunSummary summary, bool isPart = false)
    {
        if (end == ReadingEnd.Cancelled)
        {
            return PollState.Cancelled;
        }

        if (end == ReadingEnd.NotStored)
        {
            return PollState.Failed;
        }

        if (end is ReadingEnd.Failed or ReadingEnd.Stopped)
        {
            return summary.ScopesComplete > 0 ? PollState.Partial : PollState.Failed;
        }

        if (summary.HeldBack > 0)
        {
            return PollState.Held;
        }

        return summary switch
        {
            { ScopesStarted: 0 } when !isPart => PollState.Failed,
            { ScopesDenied: 0, ScopesFailed: 0, IsInconclusive: false } => PollState.Complete,
            { ScopesComplete: 0 } => PollState.Failed,
            _ => PollState.Partial,
        };
    }

    /// <summary>Why, when the reader gave no reason itself.</summary>
    public static string? Reason(ReadingEnd end, PollState state, RunSummary summary) => (end, state) switch
    {
        (ReadingEnd.Cancelled, _) => "A person cancelled it.",
        (ReadingEnd.Stopped, _) => "The worker was stopped; the next run reads again.",
        (_, PollState.Failed) when summary.ScopesStarted == 0 => "The connector found nothing to read.",
        (_, PollState.Failed) => $"Nothing could be read: {summary.ScopesDenied} scopes denied, {summary.ScopesFailed} failed.",
        _ when summary.IsLeftToTheWhole => "What is gone from these lists is more than a run of a few lists may say, or waits for a person's decision about an earlier run; the next whole poll reads everything and says it.",
        _ when summary.IsInconclusive => "The database restarted during this run, so nothing was concluded from what it did not list; the next run reads everything again.",
        _ => null,
    };

    /// <summary>
    /// True when it was read to its end and nothing failed: a denied scope is a gap that a person may have meant. One that was cut
    /// off between two scopes has none that failed, and still did not read the source.
    /// </summary>
    public static bool CountsAsRead(ReadingEnd end, PollState state, RunSummary summary) =>
        end == ReadingEnd.ReadToEnd && summary is { ScopesFailed: 0, IsInconclusive: false } && state is (PollState.Complete or PollState.Held or PollState.Partial);
}
