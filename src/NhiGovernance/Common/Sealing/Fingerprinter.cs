using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;

namespace NhiGovernance.Common.Sealing;

/// <summary>Fingerprints by the sealed key "fingerprint", which the first use makes.</summary>
public sealed class Fingerprinter(IDbContextFactory<GovernanceDb> contexts, ISealer sealer, IDialect dialect, TimeProvider clock)
    : IFingerprinter, IDisposable
{
    private const string KeyName = "fingerprint";

    private readonly SemaphoreSlim _loading = new(1, 1);
    private byte[]? _key;

    public async ValueTask<byte[]> ComputeAsync(ReadOnlyMemory<byte> secret, CancellationToken cancellationToken) =>
        HMACSHA256.HashData(_key ?? await LoadAsync(cancellationToken), secret.Span);

    public void Dispose() => _loading.Dispose();

    private async Task<byte[]> LoadAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            return _key ??= await ReadAsync(cancellationToken) ?? await MakeAsync(cancellationToken);
        }
        finally
        {
            _loading.Release();
        }
    }

    private async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Set<SealedKey>().AsNoTracking().SingleOrDefaultAsync(k => k.Name == KeyName, cancellationToken);
        return row is null ? null : await sealer.OpenAsync(row.Sealed, new SealedPlace(row.Id, KeyName), cancellationToken);
    }

    private async Task<byte[]> MakeAsync(CancellationToken cancellationToken)
    {
        var id = Ids.New(clock);
        var key = RandomNumberGenerator.GetBytes(32);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Add(new SealedKey
        {
            Id = id,
            Name = KeyName,
            Sealed = await sealer.SealAsync(key, new SealedPlace(id, KeyName), cancellationToken),
            CreatedAt = clock.GetUtcNow(),
        });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return key;
        }
        catch (DbUpdateException taken) when (dialect.IsUniqueViolation(taken))
        {
            // Another process was first; its key is the key.
            return await ReadAsync(cancellationToken) ?? throw new InvalidOperationException("The fingerprint key vanished.", taken);
        }
    }
}
