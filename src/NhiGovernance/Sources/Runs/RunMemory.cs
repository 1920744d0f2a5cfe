using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Runs;

/// <summary>
/// What a connector keeps between runs. Changes wait in memory and are saved with the run's end: an entity tag that survived
/// pages which did not would make the next run believe that nothing changed.
/// </summary>
/// <remarks>
/// A whole run loads all of it at once, and all of it is doubted from the moment it took the source. A run of some lists loads and
/// doubts one value after another, each before what it speaks of is read: it costs, and leaves doubtful, what it named.
/// </remarks>
internal sealed class RunMemory(IDbContextFactory<GovernanceDb> contexts, LeaseGrant lease) : IReadMemory, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, (string? Value, IReadOnlyCollection<Scope> Of)> _changed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _stored = new(StringComparer.Ordinal);
    private readonly HashSet<string> _doubtful = lease.Distrust is null or SourceMemory.Everything ? [] : new(lease.Distrust.Split('\n'), StringComparer.Ordinal);
    private bool _isLoaded;

    private bool IsPart => lease.Only.Count > 0;

    private bool DoubtsEverything => lease.Distrust == SourceMemory.Everything;

    public async ValueTask<string?> GetAsync(string key, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_changed.TryGetValue(key, out var changed))
            {
                return changed.Value;
            }

            if (!_isLoaded && !_stored.ContainsKey(key))
            {
                await (IsPart ? TouchAsync(key, cancellationToken) : LoadAsync(cancellationToken));
            }

            return _stored.GetValueOrDefault(key);
        }
        finally
        {
            _gate.Release();
        }
    }

    public ValueTask SetAsync(string key, string? value, CancellationToken cancellationToken) => SetAsync(key, value, [], cancellationToken);

    public async ValueTask SetAsync(string key, string? value, IReadOnlyCollection<Scope> of, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, 200);
        ArgumentOutOfRangeException.ThrowIfEqual(key, SourceMemory.DistrustKey);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _changed[key] = (value, of);
        }
        finally
        {
            _gate.Release();
        }
    }

    public ValueTask<bool> IsCurrentAsync(string key, CancellationToken cancellationToken) => new(!DoubtsEverything && !_doubtful.Contains(key));

    /// <summary>In the transaction that ends the run.</summary>
    /// <param name="readToEnd">False when it was cut off: then what it did not come to is not trusted, whatever was before.</param>
    public async Task SaveAsync(GovernanceDb db, IDialect dialect, bool readToEnd, CancellationToken cancellationToken)
    {
        var kept = _changed.ToDictionary(c => c.Key, c => c.Value.Value, StringComparer.Ordinal);
        if (IsPart)
        {
            await MarkPartAsync(db, kept, readToEnd ? [] : _touched, cancellationToken);
        }
        else
        {
            await MarkAsync(db, kept, readToEnd && !DoubtsEverything ? _doubtful : null, cancellationToken);
        }

        await WriteAsync(db, dialect, kept, cancellationToken);
    }

    /// <summary>
    /// Of a run that waits for a person: what it read of lists from which nothing disappeared counts. All else has to be read in full
    /// again, so that what is gone from it is said anew.
    /// </summary>
    /// <param name="held">Lists from which something disappeared.</param>
    public async Task SaveBesidesAsync(GovernanceDb db, IDialect dialect, IReadOnlySet<Scope> held, CancellationToken cancellationToken)
    {
        var kept = _changed.Where(c => c.Value.Of.Count > 0 && !held.Overlaps(c.Value.Of)).ToDictionary(c => c.Key, c => c.Value.Value, StringComparer.Ordinal);
        await MarkAsync(db, kept, null, cancellationToken);
        await WriteAsync(db, dialect, kept, cancellationToken);
    }

    /// <summary>Of a run that wrote nothing: what was kept is as good, or as bad, as before it.</summary>
    public Task LeaveAsync(GovernanceDb db, CancellationToken cancellationToken) => MarkAsync(db, lease.Distrust, cancellationToken);

    public void Dispose() => _gate.Dispose();

    private async Task WriteAsync(GovernanceDb db, IDialect dialect, Dictionary<string, string?> kept, CancellationToken cancellationToken)
    {
        foreach (var gone in kept.Where(c => c.Value is null).Select(c => c.Key).Chunk(500))
        {
            await db.Set<SourceMemory>().Where(m => m.SourceId == lease.SourceId && gone.Contains(m.Key)).ExecuteDeleteAsync(cancellationToken);
        }

        if (kept.Any(c => c.Value is not null))
        {
            var staged = await dialect.StageAsync(
                db, "stage_memory", [new("source_id", typeof(Guid)), new("key", typeof(string)), new("value", typeof(string))],
                kept.Where(c => c.Value is not null).Select(c => new object?[] { lease.SourceId, c.Key, c.Value }), cancellationToken);
            await dialect.MergeAsync(
                db, staged, "source_memories", ["source_id", "key"], ["source_id", "key", "value"], ["value"], cancellationToken);
        }
    }

    // What this run set is of this run. What it did not set stays as doubtful as it was.
    private async Task MarkAsync(GovernanceDb db, Dictionary<string, string?> kept, IEnumerable<string>? before, CancellationToken cancellationToken)
    {
        var doubtful = (before ?? await db.Set<SourceMemory>().Where(m => m.SourceId == lease.SourceId && m.Key != SourceMemory.DistrustKey)
            .Select(m => m.Key).ToListAsync(cancellationToken)).Where(k => !kept.ContainsKey(k));
        await MarkAsync(db, Text(doubtful), cancellationToken);
    }

    // Which keys there are it does not know, and does not look: where all were doubtful, a whole run has to say which are not.
    private Task MarkPartAsync(GovernanceDb db, Dictionary<string, string?> kept, IEnumerable<string> touched, CancellationToken cancellationToken) =>
        MarkAsync(db, DoubtsEverything ? SourceMemory.Everything : Text(_doubtful.Union(touched).Where(k => !kept.ContainsKey(k))), cancellationToken);

    private static string? Text(IEnumerable<string> keys) => string.Join('\n', keys) is { Length: > 0 } text ? text : null;

    private async Task MarkAsync(GovernanceDb db, string? value, CancellationToken cancellationToken)
    {
        var mark = Mark(db);
        if (value is null)
        {
            await mark.ExecuteDeleteAsync(cancellationToken);
        }
        else
        {
            await mark.ExecuteUpdateAsync(m => m.SetProperty(x => x.Value, value), cancellationToken);
        }
    }

    private IQueryable<SourceMemory> Mark(GovernanceDb db) =>
        db.Set<SourceMemory>().Where(m => m.SourceId == lease.SourceId && m.Key == SourceMemory.DistrustKey);

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await foreach (var row in db.Set<SourceMemory>().AsNoTracking().Where(m => m.SourceId == lease.SourceId && m.Key != SourceMemory.DistrustKey)
            .AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            _stored[row.Key] = row.Value;
        }

        _isLoaded = true;
    }

    /// <summary>Reads one value, and says for good that it is doubtful until this run ends well. A worker that lost the source says nothing.</summary>
    private async Task TouchAsync(string key, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await SourceLease.Held(db, lease).ExecuteUpdateAsync(s => s.SetProperty(x => x.Fence, x => x.Fence), cancellationToken) == 0)
        {
            throw new LeaseLostException();
        }

        var value = await db.Set<SourceMemory>().Where(m => m.SourceId == lease.SourceId && m.Key == key).Select(m => m.Value).SingleOrDefaultAsync(cancellationToken);
        if (value is not null && !DoubtsEverything && !_doubtful.Contains(key) && _touched.Add(key))
        {
            var text = Text(_doubtful.Union(_touched))!;
            if (await Mark(db).ExecuteUpdateAsync(m => m.SetProperty(x => x.Value, text), cancellationToken) == 0)
            {
                db.Add(new SourceMemory { SourceId = lease.SourceId, Key = SourceMemory.DistrustKey, Value = text });
                await db.SaveChangesAsync(cancellationToken);
            }
        }

        await transaction.CommitAsync(cancellationToken);
        _stored[key] = value;
    }
}
