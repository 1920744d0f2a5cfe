using System.Text;

namespace NhiGovernance.Common.Sealing;

/// <summary>
/// The bytes of a sealed value: version (1), key id length (1), key id, length of the wrapped key (1), wrapped key, nonce (12),
/// tag (16), ciphertext.
/// </summary>
internal readonly record struct SealedFormat(
    string KeyId, ReadOnlyMemory<byte> WrappedKey, ReadOnlyMemory<byte> Nonce, ReadOnlyMemory<byte> Tag, ReadOnlyMemory<byte> Ciphertext)
{
    public const byte Version = 1;
    public const int NonceSize = 12;
    public const int TagSize = 16;

    public static SealedFormat Parse(ReadOnlyMemory<byte> bytes)
    {
        var at = 0;
        ReadOnlyMemory<byte> Take(int count)
        {
            if (count > bytes.Length - at)
            {
                throw new SealBrokenException("A sealed value is shorter than its format says.");
            }

            at += count;
            return bytes.Slice(at - count, count);
        }

        if (Take(1).Span[0] != Version)
        {
            throw new SealBrokenException("A sealed value has a format that this version does not know.");
        }

        var keyId = Encoding.ASCII.GetString(Take(Take(1).Span[0]).Span);
        var wrapped = Take(Take(1).Span[0]);
        return new SealedFormat(keyId, wrapped, Take(NonceSize), Take(TagSize), bytes[at..]);
    }

    public byte[] ToBytes()
    {
        var keyId = Encoding.ASCII.GetBytes(KeyId);
        return [Version, checked((byte)keyId.Length), .. keyId, checked((byte)WrappedKey.Length), .. WrappedKey.Span, .. Nonce.Span, .. Tag.Span, .. Ciphertext.Span];
    }
}
