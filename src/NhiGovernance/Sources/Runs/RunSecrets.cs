using System.Collections.Concurrent;
using System.Text;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;

namespace NhiGovernance.Sources.Runs;

/// <summary>
/// Opens credentials for one call. It remembers what it opened for as long as the call lasts, only to take it out of messages
/// in which a connector might have put it.
/// </summary>
internal sealed class RunSecrets(
    Func<string, CancellationToken, Task<string?>> open, Func<string, string, DateTimeOffset, CancellationToken, Task>? expires = null) : ISourceSecrets
{
    private const int ShortestToHide = 6;

    private readonly ConcurrentDictionary<string, bool> _opened = [];
    private readonly ConcurrentDictionary<string, string> _values = [];

    public static RunSecrets Of(IDbContextFactory<GovernanceDb> contexts, SourceSecretStore store, Guid sourceId, string host) =>
        new(
            async (key, token) =>
            {
                await using var db = await contexts.CreateDbContextAsync(token);
                return await store.OpenAsync(db, sourceId, host, key, token);
            },
            async (key, value, at, token) =>
            {
                await using var db = await contexts.CreateDbContextAsync(token);
                await store.ExpiresAsync(db, sourceId, host, key, value, at, token);
            });

    public async ValueTask<string?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        var value = await open(key, cancellationToken);
        if (value is not null)
        {
            _values[key] = value;
        }

        if (value is { Length: >= ShortestToHide })
        {
            // Also as it looks in an address or a Basic header.
            foreach (var form in (string[])[value, Uri.EscapeDataString(value), Convert.ToBase64String(Encoding.UTF8.GetBytes(value)).TrimEnd('=')])
            {
                _opened.TryAdd(form, true);
            }
        }

        return value;
    }

    public async ValueTask ExpiresAsync(string key, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (expires is not null && _values.TryGetValue(key, out var value))
        {
            await expires(key, value, at, cancellationToken);
        }
    }

    /// <summary>The text without any credential that was opened, and no longer than <paramref name="longest"/>.</summary>
    public string Clean(string text, int longest)
    {
        // The longest first: one may hold another.
        foreach (var value in _opened.Keys.OrderByDescending(v => v.Length))
        {
            text = text.Replace(value, "[removed]", StringComparison.Ordinal);
        }

        // The database refuses a null character in text.
        text = text.Replace('\0', ' ');
        return text.Length <= longest ? text : text[..(longest - 1)] + "…";
    }

    /// <summary>What an end says, and what a page lists.</summary>
    public ReadEvent Clean(ReadEvent read) => read switch
    {
        ScopeEnded ended and not { Error: null, Permission: null } => ended with
        {
            Error = ended.Error is null ? null : Clean(ended.Error, 1000),
            Permission = ended.Permission is null ? null : Clean(ended.Permission, 300),
        },
        ScopePage page => new KeptTexts(Without).Of(page),
        _ => read,
    };

    private string Without(string text)
    {
        foreach (var value in _opened.Keys.Where(v => text.Contains(v, StringComparison.Ordinal)).OrderByDescending(v => v.Length))
        {
            text = text.Replace(value, "[removed]", StringComparison.Ordinal);
        }

        return text;
    }
}
