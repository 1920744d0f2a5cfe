using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;

namespace NhiGovernance.Sources.Runs;

/// <summary>
/// Opens credentials for one call. It remembers what it opened for as long as the call lasts, only to take it out of messages
/// in which a connector might have put it.
/// </summary>
internal sealed class RunSecrets(Func<string, CancellationToken, Task<string?>> open) : ISourceSecrets
{
    private const int ShortestToHide = 6;

    private readonly ConcurrentDictionary<string, bool> _opened = [];

    public static RunSecrets Of(IDbContextFactory<GovernanceDb> contexts, SourceSecretStore store, Guid sourceId, string host) =>
        new(async (key, token) =>
        {
            await using var db = await contexts.CreateDbContextAsync(token);
            return await store.OpenAsync(db, sourceId, host, key, token);
        });

    public async ValueTask<string?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        var value = await open(key, cancellationToken);
        if (value is { Length: >= ShortestToHide })
        {
            _opened.TryAdd(value, true);
        }

        return value;
    }

    /// <summary>The text without any credential that was opened, and no longer than <paramref name="longest"/>.</summary>
    public string Clean(string text, int longest)
    {
        foreach (var value in _opened.Keys)
        {
            text = text.Replace(value, "[removed]", StringComparison.Ordinal);
        }

        // The database refuses a null character in text.
        text = text.Replace('\0', ' ');
        return text.Length <= longest ? text : text[..(longest - 1)] + "…";
    }

    public ReadEvent Clean(ReadEvent read) => read is ScopeEnded { Error: not null } ended
        ? ended with { Error = Clean(ended.Error, 1000) }
        : read;
}
