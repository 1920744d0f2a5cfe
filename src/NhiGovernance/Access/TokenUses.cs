using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

/// <summary>
/// Remembers when tokens were last used and writes it, at most once a minute each, off the request's path. A failed write is
/// kept for the next one. It is telemetry and no decision, and so the one write that passes by the command door.
/// </summary>
public sealed class TokenUses(IDbContextFactory<GovernanceDb> contexts)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _pending = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _written = new();

    public void Note(Guid tokenId, DateTimeOffset at)
    {
        if (!_written.TryGetValue(tokenId, out var last) || at - last >= Interval)
        {
            _pending[tokenId] = at;
        }
    }

    /// <summary>Writes what is pending. Never sets an instant back: another node may have written a newer one.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_pending.IsEmpty)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var (id, at) in _pending.ToArray())
        {
            await db.Set<ApiToken>().Where(t => t.Id == id && (t.LastUsedAt == null || t.LastUsedAt < at))
                .ExecuteUpdateAsync(t => t.SetProperty(x => x.LastUsedAt, at), cancellationToken);
            _written[id] = at;
            _pending.TryRemove(new KeyValuePair<Guid, DateTimeOffset>(id, at));
        }
    }
}
