using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Documents;

/// <summary>Bytes that were taken and that no commit has named yet: no list shows them, no run reads them.</summary>
public sealed record StagedDocument(Guid Id, string Name, long Bytes, string Digest);

/// <summary>Takes and gives back documents' bytes, a chunk at a time: memory holds one of them, whatever the size.</summary>
public sealed class DocumentStore(IDbContextFactory<GovernanceDb> contexts, DocumentCipher cipher, TimeProvider clock)
{
    public const int ChunkBytes = 1024 * 1024;

    /// <summary>How long bytes that nobody named, and documents that were replaced, are kept: an upload or a run may still be at it.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    /// <summary>Takes bytes to their end, each chunk in a transaction of its own: none is open while the sender is waited for.</summary>
    /// <returns>Null when there are more than <paramref name="limit"/>; then nothing is kept.</returns>
    public async Task<StagedDocument?> StageAsync(string name, Stream content, long limit, CancellationToken cancellationToken)
    {
        var id = Ids.New(clock);
        var key = await cipher.KeyOfAsync(id, cancellationToken);
        var buffer = new byte[ChunkBytes];
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (bytes, number, whole) = (0L, 0, false);
        try
        {
            while (true)
            {
                var length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
                bytes += length;
                if (bytes > limit)
                {
                    return null;
                }

                if (length > 0)
                {
                    digest.AppendData(buffer, 0, length);
                    await SaveAsync(id, number, length, DocumentCipher.Seal(key, number++, buffer.AsSpan(0, length)), cancellationToken);
                }

                if (length < buffer.Length)
                {
                    break;
                }
            }

            whole = true;
            return new StagedDocument(id, name, bytes, Convert.ToHexStringLower(digest.GetHashAndReset()));
        }
        finally
        {
            if (!whole)
            {
                await ForgetAsync(id);
            }
        }
    }

    /// <summary>Lets staged bytes go. If it cannot, a job does so later.</summary>
    public async Task ForgetAsync(Guid id)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
            await db.Set<StoredDocumentChunk>().Where(c => c.DocumentId == id).ExecuteDeleteAsync(CancellationToken.None);
        }
        catch (Exception error) when (error is DbUpdateException or System.Data.Common.DbException or TimeoutException)
        {
            // The database went away, and that is most likely why this is called. What was asked for has failed already.
        }
    }

    /// <summary>True when all the bytes of a staged document are there.</summary>
    public static async Task<bool> IsWholeAsync(GovernanceDb db, StagedDocument staged, CancellationToken cancellationToken)
    {
        var chunks = db.Set<StoredDocumentChunk>().Where(c => c.DocumentId == staged.Id);
        return await chunks.CountAsync(cancellationToken) == (staged.Bytes + ChunkBytes - 1) / ChunkBytes
            && await chunks.SumAsync(c => (long)c.Length, cancellationToken) == staged.Bytes;
    }

    /// <summary>A source's documents as a connector sees them.</summary>
    public ISourceDocuments Of(Guid sourceId) => new StoredDocuments(contexts, cipher, sourceId);

    private async Task SaveAsync(Guid id, int number, int length, byte[] content, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Add(new StoredDocumentChunk { DocumentId = id, Number = number, Length = length, Content = content, StoredAt = clock.GetUtcNow() });
        await db.SaveChangesAsync(cancellationToken);
    }
}
