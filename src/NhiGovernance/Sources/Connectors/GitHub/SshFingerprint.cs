using System.Security.Cryptography;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>OpenSSH's fingerprint of a public key: "SHA256:" and unpadded base64.</summary>
internal static class SshFingerprint
{
    /// <summary>Null when the text is no public key (examples are cut short).</summary>
    public static string? Of(string? publicKey)
    {
        var words = publicKey?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (words.Length < 2 || words[1].Length > 16_384)
        {
            return null;
        }

        var blob = new byte[words[1].Length];
        return Convert.TryFromBase64String(words[1], blob, out var length) && length > 16
            ? "SHA256:" + Convert.ToBase64String(SHA256.HashData(blob.AsSpan(0, length))).TrimEnd('=')
            : null;
    }

    public static string? Algorithm(string? publicKey)
    {
        var first = publicKey?.Split(' ', 2)[0];
        return first is { Length: > 0 and < 64 } ? first : null;
    }
}
