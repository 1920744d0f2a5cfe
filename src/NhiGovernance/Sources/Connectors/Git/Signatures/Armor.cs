using System.Buffers.Text;
using System.Text;

namespace NhiGovernance.Sources.Connectors.Git.Signatures;

/// <summary>The base64 block between "-----BEGIN x-----" and "-----END x-----", with OpenPGP's headers and checksum left out.</summary>
internal static class Armor
{
    private const int Longest = 256 * 1024;

    /// <summary>Null when the text is no such block or too large to be a signature.</summary>
    public static (string Label, byte[] Bytes)? Read(string text)
    {
        if (text.Length > Longest)
        {
            return null;
        }

        var lines = text.Split('\n').Select(l => l.TrimEnd()).ToList();
        var begin = lines.FindIndex(l => l.StartsWith("-----BEGIN ", StringComparison.Ordinal) && l.EndsWith("-----", StringComparison.Ordinal) && l.Length > 16);
        if (begin < 0)
        {
            return null;
        }

        var label = lines[begin][11..^5];
        var end = lines.FindIndex(begin, l => l == $"-----END {label}-----");
        if (end < 0)
        {
            return null;
        }

        var body = new StringBuilder();
        var at = begin + 1;

        // "Version: GnuPG" and the like, up to an empty line; only where the first line is a header.
        if (lines[at].Contains(": ", StringComparison.Ordinal))
        {
            while (at < end && lines[at].Length > 0)
            {
                at++;
            }
        }

        for (; at < end; at++)
        {
            if (lines[at].Length == 5 && lines[at][0] == '=')
            {
                break;
            }

            body.Append(lines[at]);
        }

        var base64 = Encoding.ASCII.GetBytes(body.ToString());
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        return base64.Length > 0 && Base64.DecodeFromUtf8(base64, bytes, out _, out var written) == System.Buffers.OperationStatus.Done
            ? (label, bytes[..written])
            : null;
    }
}
