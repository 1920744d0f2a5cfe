using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>
/// Concludes from events what the inventory may conclude, and compares it with what is really there: whatever existed from
/// before a poll until after it must not be called missing by it.
/// </summary>
internal sealed class Witness
{
    private readonly Dictionary<Scope, HashSet<string>> _present = [];
    private readonly Dictionary<Scope, Scope?> _parents = [];

    /// <summary>Takes one run's events; returns what it called missing although it was there, and what is wrong with the events themselves.</summary>
    public List<string> Judge(IReadOnlyList<ReadEvent> events, Dictionary<Scope, HashSet<string>> before, Dictionary<Scope, HashSet<string>> after)
    {
        var wrong = new List<string>();
        var started = new Dictionary<Scope, HashSet<string>>();
        var ended = new Dictionary<Scope, ScopeEnded>();
        foreach (var read in events)
        {
            switch (read)
            {
                case ScopeStarted start:
                    if (!started.TryAdd(start.Scope, []))
                    {
                        wrong.Add($"{start.Scope} was started twice.");
                    }

                    _parents[start.Scope] = start.Parent;
                    break;
                case ScopePage page:
                    if (!started.TryGetValue(page.Scope, out var seen) || ended.ContainsKey(page.Scope))
                    {
                        wrong.Add($"{page.Scope} has a page outside of its time.");
                        break;
                    }

                    seen.UnionWith(page.Observations.Select(o => o.NaturalKey));
                    break;
                case ScopeEnded end:
                    if (!ended.TryAdd(end.Scope, end))
                    {
                        wrong.Add($"{end.Scope} ended twice.");
                    }

                    if ((end.Outcome == ScopeOutcome.Denied && end.Permission is null) || (end.Permission is not null && end.Outcome is not (ScopeOutcome.Denied or ScopeOutcome.NotAvailable)) || (end.Outcome is ScopeOutcome.Failed or ScopeOutcome.NotAvailable or ScopeOutcome.LeftOut && string.IsNullOrEmpty(end.Error)))
                    {
                        wrong.Add($"{end.Scope} does not say why: {end}");
                    }

                    break;
            }
        }

        wrong.AddRange(started.Keys.Where(s => !ended.ContainsKey(s)).Select(s => $"{s} never ended."));
        foreach (var (scope, end) in ended)
        {
            var seen = started[scope];
            var known = _present.TryGetValue(scope, out var had) ? had : [];
            if (end.Outcome is ScopeOutcome.Complete)
            {
                wrong.AddRange(Missing(scope, seen, before, after).Select(k => $"{scope} is Complete without {k}, which is there."));
                _present[scope] = seen;
            }
            else if (end.Outcome is ScopeOutcome.Unchanged)
            {
                wrong.AddRange(Missing(scope, known, before, after).Select(k => $"{scope} is Unchanged without {k}, which is there."));
            }
            else
            {
                known.UnionWith(seen);
                _present[scope] = known;
            }
        }

        foreach (var scope in _parents.Where(p => !started.ContainsKey(p.Key) && p.Value is { } parent && ended.TryGetValue(parent, out var e)
            && e.Outcome is ScopeOutcome.Complete).Select(p => p.Key))
        {
            wrong.AddRange(Missing(scope, [], before, after).Select(k => $"{scope} was not read although {k} is there."));
        }

        return wrong;
    }

    private static IEnumerable<string> Missing(Scope scope, HashSet<string> seen, Dictionary<Scope, HashSet<string>> before, Dictionary<Scope, HashSet<string>> after) =>
        before.TryGetValue(scope, out var was) && after.TryGetValue(scope, out var still)
            ? was.Where(k => still.Contains(k) && !seen.Contains(k))
            : [];
}
