using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Common.Sealing;

/// <summary>A sealed key of the product itself by its name; the first use makes it, and every process then has the same one.</summary>
internal sealed class OwnKey(string name, IDbContextFactory<GovernanceDb> contexts, ISealer sealer, IDialect dialect, IAuditTrail trail, TimeProvider clock)
    : IDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);
    private byte[]? _key;

    public async ValueTask<byte[]> GetAsync(CancellationToken cancellationToken)
    {
        if (_key is { } known)
        {
            return known;
        }

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

    public void Dispose() => _loading.Dispose();

    private async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await db.Set<SealedKey>().AsNoTracking().SingleOrDefaultAsync(k => k.Name == name, cancellationToken);
        return row is null ? null : await sealer.OpenAsync(row.Sealed, new SealedPlace(row.Id, name), cancellationToken);
    }

    private async Task<byte[]> MakeAsync(CancellationToken cancellationToken)
    {
        var id = Ids.New(clock);
        var key = RandomNumberGenerator.GetBytes(32);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Add(new SealedKey
        {
            Id = id,
            Name = name,
            Sealed = await sealer.SealAsync(key, new SealedPlace(id, name), cancellationToken),
            CreatedAt = clock.GetUtcNow(),
        });
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await trail.AppendAsync(
                db, Actor.System("keys"), $"key:{id}", [new AuditRecord("keys.make", "key", id.ToString(), null, new { name }, $"the product's own key \"{name}\"")],
                cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return key;
        }
        catch (DbUpdateException taken) when (dialect.IsUniqueViolation(taken))
        {
            // Another process was first; its key is the key.
            return await ReadAsync(cancellationToken) ?? throw new InvalidOperationException($"The key \"{name}\" vanished.", taken);
        }
    }
}
