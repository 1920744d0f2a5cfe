using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Runs;

/// <summary>
/// What is to be asked for again after a run of some lists that did not get to all of them: whoever asked was told that they are read
/// soon. A few times, later each time; then everything is read once, and after that it is the schedule's. Pure.
/// </summary>
/// <param name="Only">Null: everything.</param>
internal sealed record AskAgain(IReadOnlyList<ReadTarget>? Only, TimeSpan Wait)
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15)];
    private static readonly TimeSpan BeforeEverything = TimeSpan.FromMinutes(30);

    public static int MostTries => Waits.Length;

    /// <summary>What the run's reader should know.</summary>
    public string Says => Only is null
        ? $"What it could not read was asked for {MostTries + 1} times; everything is read in {Wait.TotalMinutes:0} minutes."
        : $"Asked for again in {Wait.TotalMinutes:0} min: {string.Join("; ", Only.Select(t => $"{t.Kind} of {t.Place}"))}.";

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
    public static AskAgain Of(IReadOnlyList<ReadTarget> unread)
    {
        var tries = unread.Max(t => t.Tries);
        return tries >= MostTries ? new(null, BeforeEverything) : new([.. unread.Select(t => t with { Tries = t.Tries + 1 })], Waits[tries]);
    }
}
