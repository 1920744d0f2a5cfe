using System.Text;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Sources.Manage;

/// <summary>Seals and opens the credentials of sources. A sealed value opens for its source, its key and its host, and for nothing else.</summary>
public sealed class SourceSecretStore(ISealer sealer, IFingerprinter fingerprinter)
{
    public const int LongestSecret = 64 * 1024;

    /// <summary>Adds or replaces; the caller's command saves and audits.</summary>
    internal async Task SetAsync(CommandContext context, Source source, string key, string value, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        var place = new SealedPlace(source.Id, key, source.Host);
        var closed = await sealer.SealAsync(bytes, place, cancellationToken);
        var fingerprint = await fingerprinter.ComputeAsync(bytes, cancellationToken);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
        var set = context.Db.Set<SourceSecret>();
        var old = await set.SingleOrDefaultAsync(s => s.SourceId == source.Id && s.Key == key, cancellationToken);
        if (old is not null && old.Host == source.Host)
        {
            (old.Sealed, old.Fingerprint, old.SetAt, old.ExpiresAt) = (closed, fingerprint, context.Now, null);
            return;
        }

        if (old is not null)
        {
            set.Remove(old);
            await context.Db.SaveChangesAsync(cancellationToken);
        }

        set.Add(new SourceSecret
        {
            Id = context.NewId(),
            SourceId = source.Id,
            Key = key,
            Host = source.Host,
            Sealed = closed,
            Fingerprint = fingerprint,
            SetAt = context.Now,
        });
    }

    /// <summary>Null when none is set for this host.</summary>
    internal async Task<string?> OpenAsync(GovernanceDb db, Guid sourceId, string host, string key, CancellationToken cancellationToken)
    {
        var closed = await db.Set<SourceSecret>().AsNoTracking()
            .Where(s => s.SourceId == sourceId && s.Key == key && s.Host == host)
            .Select(s => s.Sealed).SingleOrDefaultAsync(cancellationToken);
        if (closed is null)
        {
            return null;
        }

        var bytes = await sealer.OpenAsync(closed, new SealedPlace(sourceId, key, host), cancellationToken);
        var value = Encoding.UTF8.GetString(bytes);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
        return value;
    }

    /// <summary>Keeps when a credential ends, if it is still the one that was opened.</summary>
    internal async Task ExpiresAsync(GovernanceDb db, Guid sourceId, string host, string key, string value, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        var fingerprint = await fingerprinter.ComputeAsync(bytes, cancellationToken);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
        await db.Set<SourceSecret>()
            .Where(s => s.SourceId == sourceId && s.Key == key && s.Host == host && s.Fingerprint == fingerprint && (s.ExpiresAt == null || s.ExpiresAt != at))
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.ExpiresAt, at), cancellationToken);
    }
}

/// <summary>So that a rotation of the key-encryption key wraps the sources' credentials anew.</summary>
internal sealed class SealedSourceSecrets : ISealedStore
{
    public string Name => "source credentials";

    public async Task<IReadOnlyList<SealedRow>> ReadAsync(GovernanceDb db, Guid after, int limit, CancellationToken cancellationToken) =>
        await db.Set<SourceSecret>().AsNoTracking().Where(s => s.Id > after).OrderBy(s => s.Id).Take(limit)
            .Select(s => new SealedRow(s.Id, s.Sealed)).ToListAsync(cancellationToken);

    public async Task<bool> ReplaceAsync(GovernanceDb db, SealedRow old, byte[] rewrapped, CancellationToken cancellationToken) =>
        await db.Set<SourceSecret>().Where(s => s.Id == old.Id && s.Sealed == old.Sealed)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.Sealed, rewrapped), cancellationToken) == 1;

    /// <summary>Then the sources' pages show the credential as not set, and their polls say that it is to be entered.</summary>
    public async Task DropAsync(CommandContext context, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        foreach (var secret in await context.Db.Set<SourceSecret>().Where(s => ids.Contains(s.Id)).ToListAsync(cancellationToken))
        {
            context.Db.Remove(secret);
            context.Audit("source.secret-remove", "source", secret.SourceId, new { secret.Key }, null, $"{secret.Key}: its key-encryption key was lost; enter it again");
            context.Signal(SourceTopics.Source, secret.SourceId);
        }
    }
}
