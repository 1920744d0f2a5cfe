using System.Buffers.Text;
using System.Security.Cryptography;

namespace NhiGovernance.Access;

/// <summary>The secret of a sign-in link: 32 random bytes, base64url. Only its SHA-256 is kept; high entropy needs no slow hash.</summary>
public static class OneTimeSecret
{
    public static (string Secret, byte[] Hash) Make()
    {
        var bytes = RandomNumberGenerator.GetBytes(32);
        return (Base64Url.EncodeToString(bytes), SHA256.HashData(bytes));
    }

    /// <summary>Null when the text cannot be a secret of ours.</summary>
    public static byte[]? HashOf(string? secret)
    {
        Span<byte> bytes = stackalloc byte[33];
        return secret is { Length: 43 } && Base64Url.IsValid(secret) && Base64Url.TryDecodeFromChars(secret, bytes, out var written) && written == 32
            ? SHA256.HashData(bytes[..32])
            : null;
    }
}
