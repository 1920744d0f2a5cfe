using System.Buffers.Binary;
using System.Text;

namespace NhiGovernance.Sources.Connectors.Git;

/// <summary>
/// Looks at a private key before ssh does: a locked one makes ssh ask, and, as it may not, say no more than "permission denied".
/// OpenSSH's form: https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key.
/// </summary>
internal static class SshKeyText
{
    private const string Begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private static readonly byte[] Magic = "openssh-key-v1\0"u8.ToArray();

    /// <summary>Null when ssh can use it, as far as can be seen without opening it; else what to do.</summary>
    public static string? Fault(string key)
    {
        if (key.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal) || key.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
        {
            return "The SSH key is locked by a passphrase. Give an OpenSSH private key without a passphrase.";
        }

        var start = key.IndexOf(Begin, StringComparison.Ordinal);
        if (start < 0)
        {
            return key.Contains("PRIVATE KEY-----", StringComparison.Ordinal)
                ? null
                : "That is no SSH private key. Give an OpenSSH private key without a passphrase, whole, with its first and last line.";
        }

        var end = key.IndexOf("-----END", start, StringComparison.Ordinal);
        return end < 0 ? "The SSH key is cut off: its last line is missing."
            : Cipher(key[(start + Begin.Length)..end]) switch
            {
                null => "The SSH key cannot be read. Give an OpenSSH private key without a passphrase.",
                "none" => null,
                _ => "The SSH key is locked by a passphrase. Give an OpenSSH private key without a passphrase.",
            };
    }

    private static string? Cipher(string body)
    {
        var text = string.Concat(body.Where(c => !char.IsWhiteSpace(c)));
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || !bytes.AsSpan(0, length).StartsWith(Magic) || length < Magic.Length + 4)
        {
            return null;
        }

        var name = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(Magic.Length));
        return name is < 0 or > 64 || Magic.Length + 4 + name > length ? null : Encoding.ASCII.GetString(bytes, Magic.Length + 4, name);
    }
}
