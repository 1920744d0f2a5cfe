using System.Globalization;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Sources;

/// <summary>Marks and words for runs, scopes and freshness. Pure.</summary>
internal static class SourceWords
{
    public static (Mark Mark, string Word) Of(PollState state) => state switch
    {
        PollState.Queued => (Mark.Running, "Waiting"),
        PollState.Running => (Mark.Running, "Running"),
        PollState.Complete => (Mark.Pass, "Complete"),
        PollState.Partial => (Mark.Warn, "In part"),
        PollState.Failed => (Mark.Error, "Failed"),
        PollState.Cancelled => (Mark.Off, "Cancelled"),
        PollState.Abandoned => (Mark.Off, "Taken over"),
        PollState.Held => (Mark.Held, "Held"),
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static (Mark Mark, string Word) Of(Freshness freshness) => freshness switch
    {
        Freshness.Fresh => (Mark.Present, "Fresh"),
        Freshness.Stale => (Mark.Unknown, "Stale"),
        Freshness.Never => (Mark.Unknown, "Never read"),
        Freshness.Off => (Mark.Off, "Off"),
        _ => throw new ArgumentOutOfRangeException(nameof(freshness)),
    };

    /// <summary>A last run that read a part is neither late nor never: it says so, and the gaps stand beside it.</summary>
    public static (Mark Mark, string Word) Of(SourceRow source) => IsPart(source) ? (Mark.Warn, "Read in part") : Of(source.Freshness);

    /// <summary>When it was read, be it in part.</summary>
    public static DateTimeOffset? ReadAt(SourceRow source) => IsPart(source) ? source.LastRunAt : source.LastReadAt;

    private static bool IsPart(SourceRow source) =>
        source is { IsEnabled: true, LastState: PollState.Partial, Freshness: Freshness.Never or Freshness.Stale };

    public static (Mark Mark, string Word) Of(ScopeOutcome outcome) => outcome switch
    {
        ScopeOutcome.Complete => (Mark.Pass, "Complete"),
        ScopeOutcome.Unchanged => (Mark.Pass, "Unchanged"),
        ScopeOutcome.Denied => (Mark.Warn, "Denied"),
        ScopeOutcome.Failed => (Mark.Error, "Failed"),
        ScopeOutcome.NotAvailable => (Mark.NotApplicable, "Not available"),
        ScopeOutcome.LeftOut => (Mark.NotCovered, "Left out"),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    /// <summary>Of a list: where it is not known whether there is one, that.</summary>
    public static (Mark Mark, string Word) Of(ScopeRow scope) =>
        scope is { Outcome: ScopeOutcome.NotAvailable, Permission: not null } ? (Mark.Unknown, "Not known") : Of(scope.Outcome);

    public static (Mark Mark, string Word) Of(TestOutcome outcome) => outcome switch
    {
        TestOutcome.Pass => (Mark.Pass, "Pass"),
        TestOutcome.Warn => (Mark.Warn, "Warn"),
        TestOutcome.Fail => (Mark.Fail, "Fail"),
        TestOutcome.Skipped => (Mark.NotApplicable, "Skipped"),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    public static string Of(PollTrigger trigger) => trigger switch
    {
        PollTrigger.Schedule => "the schedule",
        PollTrigger.Person => "a person",
        PollTrigger.Webhook => "a webhook",
        PollTrigger.Start => "the start of NhiGovernance",
        PollTrigger.Takeover => "a worker that took over",
        _ => throw new ArgumentOutOfRangeException(nameof(trigger)),
    };

    /// <summary>A lock where a permission is missing, the fault's mark where a list broke off.</summary>
    public static string GapIcon(ScopeCounts scopes) => scopes.Failed > 0 ? "s-error" : "lock";

    /// <summary>"2 denied, 1 failed"; empty when all were read to their end.</summary>
    public static string Gaps(ScopeCounts scopes)
    {
        var parts = new List<string>();
        if (scopes.Denied > 0)
        {
            parts.Add(Text($"{scopes.Denied:N0} denied"));
        }

        if (scopes.Failed > 0)
        {
            parts.Add(Text($"{scopes.Failed:N0} failed"));
        }

        if (scopes.NotKnown > 0)
        {
            parts.Add(Text($"{scopes.NotKnown:N0} not known"));
        }

        return string.Join(", ", parts);
    }

    /// <summary>How a poll ended, as one reads it out: "Poll of Vault prod finished: 12 added, 3 changed, 1 missing."</summary>
    public static string Ended(string source, RunRow run)
    {
        var found = Text($"{run.Added:N0} added, {run.Changed:N0} changed, {run.WentMissing:N0} missing.");
        return run.State switch
        {
            PollState.Complete => $"Poll of {source} finished: {found}",
            PollState.Partial => Text($"Poll of {source} finished in part: {found} {run.ScopesDenied + run.ScopesFailed:N0} of {run.ScopesStarted:N0} lists were not read."),
            PollState.Held => Text($"Poll of {source} is held: {run.HeldBack:N0} would go missing. A person decides."),
            PollState.Failed => $"Poll of {source} failed: {run.Error ?? "nothing could be read."}",
            PollState.Cancelled => $"Poll of {source} was cancelled.",
            PollState.Abandoned => $"Poll of {source} was taken over by another worker.",
            PollState.Queued or PollState.Running => $"Poll of {source} is under way.",
            _ => throw new ArgumentOutOfRangeException(nameof(run)),
        };
    }

    public static string Duration(TimeSpan? duration) => duration switch
    {
        null => "",
        { TotalSeconds: < 1 } => "under 1 s",
        { TotalMinutes: < 1 } d => Text($"{d.TotalSeconds:0} s"),
        { TotalHours: < 1 } d => Text($"{(int)d.TotalMinutes} min {d.Seconds} s"),
        { } d => Text($"{(int)d.TotalHours} h {d.Minutes} min"),
    };

    /// <summary>"every hour", "every 15 minutes", "every 2 days".</summary>
    public static string Interval(int minutes) => minutes switch
    {
        60 => "every hour",
        1440 => "every day",
        _ when minutes % 1440 == 0 => Text($"every {minutes / 1440} days"),
        _ when minutes % 60 == 0 => Text($"every {minutes / 60} hours"),
        _ => Text($"every {minutes} minutes"),
    };

    /// <summary>"12 KB", "3 MB".</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => Text($"{bytes} B"),
        < 1024 * 1024 => Text($"{bytes / 1024d:0.#} KB"),
        _ => Text($"{bytes / (1024d * 1024):0.#} MB"),
    };

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
