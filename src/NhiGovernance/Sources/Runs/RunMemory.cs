using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Runs;

/// <summary>
/// What a connector keeps between runs. Changes wait in memory and are saved with the run's end: an entity tag that survived
/// pages which did not would make the next run believe that nothing changed.
/// </summary>
internal sealed class RunMemory(IDbContextFactory<GovernanceDb> contexts, Guid sourceId) : IReadMemory, IDisposable
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

    /// <summary>In the transaction that ends the run.</summary>
    public async Task SaveAsync(GovernanceDb db, IDialect dialect, CancellationToken cancellationToken)
    {
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

    public void Dispose() => _gate.Dispose();

    private async Task<Dictionary<string, string>> LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<SourceMemory>().AsNoTracking().Where(m => m.SourceId == sourceId)
            .ToDictionaryAsync(m => m.Key, m => m.Value, StringComparer.Ordinal, cancellationToken);
    }
}
