using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>
/// Every scope of a source and how this run left it. Of a run of some lists: only those that it meets, looked up one by one, so that it
/// costs what it reads and not what the source holds.
/// </summary>
internal sealed class ScopeLedger
{
    private const int MaxPlace = 400;
    private readonly Dictionary<(string Kind, string Key), ScopeEntry> _scopes = [];
    private readonly int[] _outcomes = new int[Enum.GetValues<ScopeOutcome>().Length];
    private readonly HashSet<ScopeEntry> _changed = [];
    private readonly RunTicket _run;
    private readonly TimeProvider _clock;
    private int _started;

    private ScopeLedger(RunTicket run, TimeProvider clock) => (_run, _clock) = (run, clock);

    /// <summary>Kept, not counted: a run's pulse asks from another thread while scopes are added.</summary>
    public int Started => Volatile.Read(ref _started);

    public IEnumerable<ScopeFact> Facts => _scopes.Values.Select(
        e => new ScopeFact(e.Row.Id, e.Row.ParentId, e.Started, e.Outcome, e.Row.Place, e.Row.Passing, e.OnlyGrows || e.SaysNothing));

    public static async Task<ScopeLedger> OpenAsync(GovernanceDb db, RunTicket run, TimeProvider clock, CancellationToken cancellationToken)
    {
        var ledger = new ScopeLedger(run, clock);
        if (run.IsPart)
        {
            return ledger;
        }

        await foreach (var row in db.Set<SourceScope>().AsNoTracking().Where(s => s.SourceId == run.SourceId).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            ledger._scopes[(row.Kind, row.Key)] = new ScopeEntry(row);
        }

        return ledger;
    }

    /// <summary>Before a run of some lists takes an event: what earlier runs wrote of its scopes.</summary>
    public async Task MeetAsync(IDbContextFactory<GovernanceDb> contexts, ReadEvent read, CancellationToken cancellationToken)
    {
        foreach (var scope in new[] { read.Scope, (read as ScopeStarted)?.Parent })
        {
            if (scope is not null && KeyOf(scope) is var (kind, key) && !_scopes.ContainsKey((kind, key)))
            {
                await using var db = await contexts.CreateDbContextAsync(cancellationToken);
                if (await db.Set<SourceScope>().AsNoTracking().SingleOrDefaultAsync(s => s.SourceId == _run.SourceId && s.Kind == kind && s.Key == key, cancellationToken) is { } row)
                {
                    _scopes[(kind, key)] = new ScopeEntry(row);
                }
            }
        }
    }

    /// <summary>These scopes, as the connector named them in this run; those that it did not start, as they were called before.</summary>
    public IReadOnlySet<Scope> Named(IReadOnlyCollection<Guid> ids)
    {
        var wanted = ids.ToHashSet();
        return _scopes.Values.Where(e => wanted.Contains(e.Row.Id)).Select(e => e.Scope ?? new Scope(e.Row.Kind, e.Row.Place)).ToHashSet();
    }

    public int Count(ScopeOutcome outcome) => Volatile.Read(ref _outcomes[(int)outcome]);

    public void Start(ScopeStarted started)
    {
        var entry = Begin(started.Scope);
        entry.Row.Passing = started.Passing;
        entry.OnlyGrows = started.OnlyGrows;
        entry.Row.ParentId = started.Parent is null ? null : Of(started.Parent).Row.Id;
        _changed.Add(entry);
    }

    /// <summary>The scope's id; a page of a scope that was never started starts it, as a root.</summary>
    public Guid Page(Scope scope, int items)
    {
        var entry = Begin(scope);
        entry.Items += items;
        if (entry.Outcome is not null)
        {
            Fail(entry, "More came after this list was said to have ended.");
        }

        _changed.Add(entry);
        return entry.Row.Id;
    }

    public void End(ScopeEnded end)
    {
        var entry = Begin(end.Scope);
        _changed.Add(entry);
        if (entry.Outcome is not null && entry.Outcome != end.Outcome)
        {
            Fail(entry, "This list was ended twice, with different outcomes.");
            return;
        }

        if (end.Outcome == ScopeOutcome.Unchanged && entry.Row.LastCompleteAt is null)
        {
            // "As last time" proves nothing where there is no last time.
            Fail(entry, "The source says that nothing changed, but this list was never read to its end before.");
            return;
        }

        Conclude(entry, end.Outcome);
        entry.SaysNothing = end.SaysNothingOfAbsence;
        entry.Permission = end.Permission;
        entry.Error ??= end.Error;
    }

    /// <summary>Says, on the scope, that something in it could not be kept. Its outcome stays: what it did not list is still gone.</summary>
    public void Fault(Guid scopeId, string error)
    {
        var entry = _scopes.Values.First(e => e.Row.Id == scopeId);
        entry.Error ??= error;
        _changed.Add(entry);
    }

    /// <summary>Whatever was started and never ended was not read to its end.</summary>
    public void Close()
    {
        foreach (var entry in _scopes.Values.Where(e => e is { Started: true, Outcome: null }))
        {
            Fail(entry, "The run ended before this list did.");
        }
    }

    public void Vanished(IReadOnlySet<Guid> scopes, DateTimeOffset now)
    {
        foreach (var entry in _scopes.Values.Where(e => !e.Row.IsGone && scopes.Contains(e.Row.Id)))
        {
            // Gone again before it was ever read in between: what went with it went the first time.
            entry.Row.LastReadAt = entry.Row.GoneSince is null ? entry.Row.LastReadAt : entry.Row.LastCompleteAt;
            entry.Row.GoneSince ??= now;
            _changed.Add(entry);
        }
    }

    /// <summary>Scopes that the settings name no longer.</summary>
    public void Uncover(IReadOnlySet<Guid> scopes, DateTimeOffset now)
    {
        foreach (var entry in _scopes.Values.Where(e => !e.Row.IsUncovered && scopes.Contains(e.Row.Id)))
        {
            entry.Row.UncoveredSince = now;
            _changed.Add(entry);
        }
    }

    /// <summary>Scopes that nobody asked for and that are asked for again, "as last time": what they listed is covered again.</summary>
    public IReadOnlyList<Guid> CoverAgain()
    {
        var covered = _scopes.Values.Where(e => e is { Started: true, Outcome: ScopeOutcome.Unchanged, Row.UncoveredSince: not null }).ToList();
        foreach (var entry in covered)
        {
            entry.Row.UncoveredSince = null;
            _changed.Add(entry);
        }

        return covered.ConvertAll(e => e.Row.Id);
    }

    /// <summary>
    /// Scopes that had vanished and are there again, "as last time": what went with them was not listed anew. Since when they were
    /// gone, by their ids. They count as there from now on.
    /// </summary>
    public IReadOnlyDictionary<Guid, DateTimeOffset> Return()
    {
        var returned = new Dictionary<Guid, DateTimeOffset>();
        foreach (var entry in _scopes.Values.Where(e => e is { Started: true, Outcome: ScopeOutcome.Unchanged, Row.GoneSince: not null }))
        {
            returned[entry.Row.Id] = entry.Row.GoneSince!.Value;
            entry.Row.GoneSince = null;
            _changed.Add(entry);
        }

        return returned;
    }

    /// <summary>Writes what changed since the last call, in the batch's transaction.</summary>
    public async Task WriteAsync(Bulk bulk, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var entry in _changed)
        {
            Settle(entry, now);
        }

        await bulk.MergeAsync(_changed.Select(e => e.Row).ToArray(), cancellationToken);
        _changed.Clear();
    }

    private void Settle(ScopeEntry entry, DateTimeOffset now)
    {
        var row = entry.Row;
        if (!entry.Started)
        {
            return;
        }

        // Only a whole reading says anew what is there. "As last time" brings back what went with the scope, also when readings that
        // were refused or broke off lie in between; so until then it stays known since when that was.
        if (entry.Outcome is ScopeOutcome.Complete)
        {
            (row.GoneSince, row.UncoveredSince) = (null, null);
        }

        row.Error = Clean.TextOrNull(entry.Error, 1_000);
        if (entry.Outcome is not { } outcome)
        {
            return;
        }

        row.LastRunId = _run.RunId;
        row.LastOutcome = outcome;
        row.LastReadAt = outcome == ScopeOutcome.LeftOut ? row.LastReadAt : now;
        row.Permission = Clean.TextOrNull(entry.Permission, 300);
        if (outcome is ScopeOutcome.Complete or ScopeOutcome.Unchanged && !entry.SaysNothing)
        {
            row.LastCompleteAt = now;
        }

        if (outcome is not (ScopeOutcome.Unchanged or ScopeOutcome.LeftOut))
        {
            row.Items = entry.Items;
        }
    }

    private void Fail(ScopeEntry entry, string error)
    {
        Conclude(entry, ScopeOutcome.Failed);
        entry.Error = error;
    }

    private void Conclude(ScopeEntry entry, ScopeOutcome outcome)
    {
        if (entry.Outcome is { } before)
        {
            Interlocked.Decrement(ref _outcomes[(int)before]);
        }

        entry.Outcome = outcome;
        Interlocked.Increment(ref _outcomes[(int)outcome]);
    }

    private ScopeEntry Begin(Scope scope)
    {
        var entry = Of(scope);
        if (!entry.Started)
        {
            entry.Started = true;
            entry.Scope = scope;
            entry.Row.Place = Clean.Key(scope.Place, MaxPlace);
            Interlocked.Increment(ref _started);
        }

        return entry;
    }

    private static (string Kind, string Key) KeyOf(Scope scope) => (Clean.Text(scope.Kind, 60), Clean.Key(scope.Key ?? scope.Place, MaxPlace));

    private ScopeEntry Of(Scope scope)
    {
        var key = KeyOf(scope);
        if (!_scopes.TryGetValue(key, out var entry))
        {
            entry = new ScopeEntry(new SourceScope
            {
                Id = Ids.New(_clock), SourceId = _run.SourceId, Kind = key.Kind, Key = key.Key, Place = Clean.Key(scope.Place, MaxPlace),
            });
            _scopes[key] = entry;
            _changed.Add(entry);
        }

        return entry;
    }
}
