using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Runs;

/// <summary>
/// What a connector keeps between runs. Changes wait in memory and are saved with the run's end: an entity tag that survived
/// pages which did not would make the next run believe that nothing changed.
/// </summary>
/// <param name="distrust">As the run found it: <see cref="SourceMemory.DistrustKey"/>.</param>
internal sealed class RunMemory(IDbContextFactory<GovernanceDb> contexts, Guid sourceId, string? distrust) : IReadMemory, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, string?> _changed = new(StringComparer.Ordinal);
    private Dictionary<string, string>? _stored;

    public async ValueTask<string?> GetAsync(string key, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_changed.TryGetValue(key, out var changed))
            {
                return changed;
            }

            _stored ??= await LoadAsync(cancellationToken);
            return _stored.GetValueOrDefault(key);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask SetAsync(string key, string? value, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, 200);
        ArgumentOutOfRangeException.ThrowIfEqual(key, SourceMemory.DistrustKey);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _changed[key] = value;
        }
        finally
        {
            _gate.Release();
        }
    }

    public ValueTask<bool> IsCurrentAsync(string key, CancellationToken cancellationToken) =>
        new(distrust is null || (distrust != SourceMemory.Everything && !distrust.Split('\n').Contains(key, StringComparer.Ordinal)));

    /// <summary>In the transaction that ends the run.</summary>
    /// <param name="readToEnd">False when it was cut off: then what it did not come to is not trusted, whatever was before.</param>
    public async Task SaveAsync(GovernanceDb db, IDialect dialect, bool readToEnd, CancellationToken cancellationToken)
    {
        await DistrustAsync(db, readToEnd ? distrust : SourceMemory.Everything, cancellationToken);
        foreach (var gone in _changed.Where(c => c.Value is null).Select(c => c.Key).Chunk(500))
        {
            await db.Set<SourceMemory>().Where(m => m.SourceId == sourceId && gone.Contains(m.Key)).ExecuteDeleteAsync(cancellationToken);
        }

        if (_changed.Any(c => c.Value is not null))
        {
            var staged = await dialect.StageAsync(
                db, "stage_memory", [new("source_id", typeof(Guid)), new("key", typeof(string)), new("value", typeof(string))],
                _changed.Where(c => c.Value is not null).Select(c => new object?[] { sourceId, c.Key, c.Value }), cancellationToken);
            await dialect.MergeAsync(
                db, staged, "source_memories", ["source_id", "key"], ["source_id", "key", "value"], ["value"], cancellationToken);
        }
    }

    /// <summary>Of a run that wrote nothing: what was kept is as good, or as bad, as before it.</summary>
    public Task LeaveAsync(GovernanceDb db, CancellationToken cancellationToken) => MarkAsync(db, distrust, cancellationToken);

    public void Dispose() => _gate.Dispose();

    // What this run set is of this run. What it did not set stays as doubtful as it was.
    private async Task DistrustAsync(GovernanceDb db, string? before, CancellationToken cancellationToken)
    {
        var doubtful = before is null ? []
            : before == SourceMemory.Everything
                ? await db.Set<SourceMemory>().Where(m => m.SourceId == sourceId && m.Key != SourceMemory.DistrustKey).Select(m => m.Key).ToListAsync(cancellationToken)
            : [.. before.Split('\n')];
        doubtful.RemoveAll(_changed.ContainsKey);
        await MarkAsync(db, doubtful.Count == 0 ? null : string.Join('\n', doubtful), cancellationToken);
    }

    private async Task MarkAsync(GovernanceDb db, string? value, CancellationToken cancellationToken)
    {
        var mark = db.Set<SourceMemory>().Where(m => m.SourceId == sourceId && m.Key == SourceMemory.DistrustKey);
        if (value is null)
        {
            await mark.ExecuteDeleteAsync(cancellationToken);
        }
        else
        {
            await mark.ExecuteUpdateAsync(m => m.SetProperty(x => x.Value, value), cancellationToken);
        }
    }

    private async Task<Dictionary<string, string>> LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<SourceMemory>().AsNoTracking().Where(m => m.SourceId == sourceId && m.Key != SourceMemory.DistrustKey)
            .ToDictionaryAsync(m => m.Key, m => m.Value, StringComparer.Ordinal, cancellationToken);
    }
}
