using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Runs;

/// <summary>
/// What is to be asked for again after a run of some lists that did not get to all of them: whoever asked was told that they are read
/// soon. A few times, later each time; then the next run of everything has it, as the schedule says: one for each list that never
/// answers would follow on every webhook. A run that others hurry along is no try of what was not due yet. Pure.
/// </summary>
/// <param name="Only">Each with when it is due. Empty: nothing more is asked for.</param>
/// <param name="Left">What was asked for often enough.</param>
internal sealed record AskAgain(IReadOnlyList<ReadTarget> Only, TimeSpan Wait, IReadOnlyList<ReadTarget> Left)
{
    private const int MostNamed = 4;

    private static readonly TimeSpan[] Waits = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30)];

    /// <summary>What the run's reader should know.</summary>
    public IEnumerable<string> Says => new[]
    {
        Only.Count == 0 ? null : $"Asked for again in {Wait.TotalMinutes:0} min: {Names(Only)}.",
        Left.Count == 0 ? null : $"Asked for {Most} times, and left to the next run of everything: {Names(Left)}.",
    }.OfType<string>();

    /// <summary>Which lists of a run still wait for an answer.</summary>
    /// <param name="only">What it was to read; not empty.</param>
    public static IReadOnlyList<ReadTarget> Unread(IReadOnlyList<ReadTarget> only, ReadingEnd end, RunSummary summary, ScopeWatch lists)
    {
        if (end == ReadingEnd.NotStored || (end == ReadingEnd.ReadToEnd && summary is { IsInconclusive: true, IsLeftToTheWhole: false }))
        {
            return only;
        }

        // A person who cancels means it; and one that was read to its end with no failure has its answers, also that a place is not there.
        if (end == ReadingEnd.Cancelled || (end == ReadingEnd.ReadToEnd && summary.ScopesFailed == 0))
        {
            return [];
        }

        var unread = only.Where(t => !lists.HasAnswered(t)).ToList();
        return unread.Count == 0 && summary.ScopesFailed > 0 ? only : unread;
    }

    /// <param name="unread">Not empty.</param>
    public static AskAgain Of(IReadOnlyList<ReadTarget> unread, DateTimeOffset now)
    {
        var asked = unread.Select(t => t.Due > now ? t : t with { Tries = t.Tries + 1, Due = t.Tries < Waits.Length ? now + Waits[t.Tries] : null }).ToLookup(t => t.Due is not null);
        return new([.. asked[true]], asked[true].Any() ? asked[true].Min(t => t.Due!.Value) - now : TimeSpan.Zero, [.. asked[false]]);
    }

    /// <summary>How long a run of everything waits that a webhook asked for and that read nothing; null after the last try.</summary>
    /// <param name="tries">How many such runs failed one after another, this one included.</param>
    public static TimeSpan? WaitOfWhole(int tries) => tries <= Waits.Length ? Waits[tries - 1] : null;

    /// <summary>How many tries there are.</summary>
    public static int Most => Waits.Length + 1;

    /// <summary>A person who cancels means it; still they should know what is read later for it.</summary>
    public static string LeftByPerson(IReadOnlyList<ReadTarget> only) => $"Left to the next run of everything, since a person cancelled it: {Names(only)}.";

    private static string Names(IReadOnlyList<ReadTarget> targets) =>
        string.Join("; ", targets.Take(MostNamed).Select(t => $"{t.Kind} of {Short(t.Place)}")) + (targets.Count > MostNamed ? $"; and {targets.Count - MostNamed} more" : string.Empty);

    // A note is one line of a run that has some.
    private static string Short(string place) => place.Length <= 80 ? place : place[..79] + "…";
}
