using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Sources.Documents;

/// <summary>
/// Seals documents' chunks. Whoever fills in an inventory may put a password where none belongs; a run refuses that row, but its
/// bytes are here by then. AES-256-GCM with a key of its own for each document, derived from the sealed key "documents"; a chunk's
/// number is its nonce, so that none opens at another's position.
/// </summary>
public sealed class DocumentCipher(IDbContextFactory<GovernanceDb> contexts, ISealer sealer, IDialect dialect, IAuditTrail trail, TimeProvider clock)
    : IDisposable
{
    private const int TagSize = 16;

    private readonly OwnKey _key = new("documents", contexts, sealer, dialect, trail, clock);

    /// <exception cref="KeyLostException">The key-encryption key is not here.</exception>
    public async Task<byte[]> KeyOfAsync(Guid documentId, CancellationToken cancellationToken) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, await _key.GetAsync(cancellationToken), 32, info: documentId.ToByteArray(bigEndian: true));

    public static byte[] Seal(byte[] key, int number, ReadOnlySpan<byte> content)
    {
        var closed = new byte[TagSize + content.Length];
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(Nonce(number), content, closed.AsSpan(TagSize), closed.AsSpan(0, TagSize));
        return closed;
    }

    /// <summary>Null when the bytes are not what was sealed there.</summary>
    public static byte[]? Open(byte[] key, int number, byte[] closed)
    {
        if (closed.Length < TagSize)
        {
            return null;
        }

        try
        {
            var content = new byte[closed.Length - TagSize];
            using var aes = new AesGcm(key, TagSize);
            aes.Decrypt(Nonce(number), closed.AsSpan(TagSize), closed.AsSpan(0, TagSize), content);
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public void Dispose() => _key.Dispose();

    private static byte[] Nonce(int number)
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(nonce, number);
        return nonce;
    }
}
