using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>How a run left one scope.</summary>
/// <param name="Outcome">Null when it was never ended.</param>
/// <param name="Passing">A list that nobody asks for again.</param>
/// <param name="OnlyGrows">What one reading of it lacks is no absence.</param>
internal sealed record ScopeFact(Guid Id, Guid? ParentId, bool Started, ScopeOutcome? Outcome, string Place = "", bool Passing = false, bool OnlyGrows = false);

/// <summary>
/// From how a run left each scope: what may be concluded of things that it did not list. Absence is not deletion: a thing is
/// gone only when the scope that would list it was read to its end, or when that scope's parent was, and is without it. Pure.
/// </summary>
/// <param name="Listed">Read to their end: what they did not list is not there.</param>
/// <param name="Unchanged">Proven to be as at their last complete reading: what is present stays, what was missing is missing again.</param>
/// <param name="Vanished">No longer there, by the word of a parent that was read to its end: nothing in them is there.</param>
/// <param name="Uncovered">Not asked for any more, or left out: what they listed may be there or not.</param>
internal sealed record ScopeJudgement(
    IReadOnlySet<Guid> Listed, IReadOnlySet<Guid> Unchanged, IReadOnlySet<Guid> Vanished, IReadOnlySet<Guid> Uncovered)
{
    /// <param name="scopes">Every scope that the source ever had.</param>
    /// <param name="readToEnd">False when the reading itself was cut off: then a scope that was not started may only not have had its turn.</param>
    public static ScopeJudgement Of(IReadOnlyCollection<ScopeFact> scopes, bool readToEnd)
    {
        var byId = scopes.ToDictionary(s => s.Id);
        var listed = scopes.Where(s => s is { Started: true, Outcome: ScopeOutcome.Complete }).Select(s => s.Id).ToHashSet();
        listed.ExceptWith(scopes.Where(s => s.OnlyGrows).Select(s => s.Id));
        var unchanged = scopes.Where(s => s is { Started: true, Outcome: ScopeOutcome.Unchanged }).Select(s => s.Id).ToHashSet();
        var vanished = readToEnd ? scopes.Where(s => HasVanished(s, byId, listed)).Select(s => s.Id).ToHashSet() : [];
        var uncovered = LeftOutOrDropped(scopes, byId, vanished, readToEnd);
        return new ScopeJudgement(listed, unchanged, vanished, uncovered);
    }

    // What the settings leave out by a word of its own is out of them also when the run was cut off later.
    private static HashSet<Guid> LeftOutOrDropped(
        IReadOnlyCollection<ScopeFact> scopes, Dictionary<Guid, ScopeFact> byId, HashSet<Guid> vanished, bool readToEnd)
    {
        var leftOut = scopes.Where(s => s is { Started: true, Outcome: ScopeOutcome.LeftOut }).Select(s => s.Id).ToHashSet();
        var from = readToEnd ? DroppedRoots(scopes) : [];
        from.UnionWith(leftOut);
        return from.Count == 0
            ? from
            : scopes.Where(s => leftOut.Contains(s.Id) || (!vanished.Contains(s.Id) && IsBelow(s, byId, from))).Select(s => s.Id).ToHashSet();
    }

    // No parent says that a root exists: the settings do. One that was not started is out of them, unless its place was asked for and
    // could not be read: then all its roots may hang on that. And unless nothing was read at all.
    private static HashSet<Guid> DroppedRoots(IReadOnlyCollection<ScopeFact> scopes)
    {
        static bool IsRead(ScopeFact s) => s.Outcome is ScopeOutcome.Complete or ScopeOutcome.Unchanged;
        var started = scopes.Where(s => s is { Started: true, ParentId: null, Passing: false }).ToLookup(s => s.Place, StringComparer.OrdinalIgnoreCase);
        return started.SelectMany(g => g).Any(IsRead)
            ? scopes.Where(s => s is { Started: false, ParentId: null, Passing: false } && (!started.Contains(s.Place) || started[s.Place].Any(IsRead)))
                .Select(s => s.Id).ToHashSet()
            : [];
    }

    private static bool IsBelow(ScopeFact scope, Dictionary<Guid, ScopeFact> byId, HashSet<Guid> roots)
    {
        var steps = 0;
        for (var s = scope; !s.Started && steps <= byId.Count; steps++)
        {
            if (roots.Contains(s.Id))
            {
                return true;
            }

            if (s.ParentId is not { } parentId || !byId.TryGetValue(parentId, out s!))
            {
                return false;
            }

            if (s.Started)
            {
                return roots.Contains(s.Id);
            }
        }

        return false;
    }

    private static bool HasVanished(ScopeFact scope, Dictionary<Guid, ScopeFact> byId, HashSet<Guid> listed)
    {
        // Up through parents that were not started either, to one that was: its word counts if it was read to its end.
        var steps = 0;
        for (var s = scope; !s.Started; steps++)
        {
            if (s.ParentId is not { } parentId || !byId.TryGetValue(parentId, out var parent) || steps > byId.Count)
            {
                return false;
            }

            if (parent.Started)
            {
                return listed.Contains(parent.Id);
            }

            s = parent;
        }

        return false;
    }
}
