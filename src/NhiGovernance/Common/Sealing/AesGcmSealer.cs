using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NhiGovernance.Common.Sealing;

/// <summary>The sealer over a key ring. The place of the value is authenticated with it.</summary>
public sealed class AesGcmSealer(IKeyRing ring) : ISealer
{
    public async ValueTask<byte[]> SealAsync(ReadOnlyMemory<byte> value, SealedPlace place, CancellationToken cancellationToken)
    {
        var dataKey = RandomNumberGenerator.GetBytes(32);
        try
        {
            var nonce = RandomNumberGenerator.GetBytes(SealedFormat.NonceSize);
            var tag = new byte[SealedFormat.TagSize];
            var ciphertext = new byte[value.Length];
            using (var aes = new AesGcm(dataKey, SealedFormat.TagSize))
            {
                aes.Encrypt(nonce, value.Span, ciphertext, tag, Associated(place));
            }

            var keyId = await ring.CurrentKeyIdAsync(cancellationToken);
            var wrapped = await ring.WrapAsync(keyId, dataKey, cancellationToken);
            return new SealedFormat(keyId, wrapped, nonce, tag, ciphertext).ToBytes();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    public async ValueTask<byte[]> OpenAsync(ReadOnlyMemory<byte> sealedValue, SealedPlace place, CancellationToken cancellationToken)
    {
        var parts = SealedFormat.Parse(sealedValue);
        var dataKey = await ring.UnwrapAsync(parts.KeyId, parts.WrappedKey, cancellationToken);
        try
        {
            var value = new byte[parts.Ciphertext.Length];
            using var aes = new AesGcm(dataKey, SealedFormat.TagSize);
            aes.Decrypt(parts.Nonce.Span, parts.Ciphertext.Span, parts.Tag.Span, value, Associated(place));
            return value;
        }
        catch (AuthenticationTagMismatchException broken)
        {
            throw new SealBrokenException($"The sealed value \"{place.Field}\" was changed, or belongs to another record or host.", broken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    public async ValueTask<byte[]?> RewrapAsync(ReadOnlyMemory<byte> sealedValue, CancellationToken cancellationToken)
    {
        var parts = SealedFormat.Parse(sealedValue);
        var current = await ring.CurrentKeyIdAsync(cancellationToken);
        if (parts.KeyId == current)
        {
            return null;
        }

        var dataKey = await ring.UnwrapAsync(parts.KeyId, parts.WrappedKey, cancellationToken);
        try
        {
            return (parts with { KeyId = current, WrappedKey = await ring.WrapAsync(current, dataKey, cancellationToken) }).ToBytes();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    public string KeyIdOf(ReadOnlyMemory<byte> sealedValue) => SealedFormat.Parse(sealedValue).KeyId;

    /// <summary>The place, each part with its length, so that "a","bc" and "ab","c" differ. The wrapping key is not part of it.</summary>
    private static byte[] Associated(SealedPlace place)
    {
        var field = Encoding.UTF8.GetBytes(place.Field);
        var host = Encoding.UTF8.GetBytes(place.Host);
        var bytes = new byte[1 + 16 + 4 + field.Length + host.Length];
        bytes[0] = SealedFormat.Version;
        place.RecordId.TryWriteBytes(bytes.AsSpan(1), bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(17), field.Length);
        field.CopyTo(bytes, 21);
        host.CopyTo(bytes, 21 + field.Length);
        return bytes;
    }
}
