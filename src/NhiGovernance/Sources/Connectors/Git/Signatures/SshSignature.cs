using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NhiGovernance.Sources.Connectors.Git.Signatures;

/// <summary>OpenSSH's PROTOCOL.sshsig: magic, version, public key, namespace, reserved, hash, signature. It carries no time.</summary>
internal static class SshSignature
{
    public static SignerKey? Read(ReadOnlySpan<byte> blob)
    {
        if (!blob.StartsWith("SSHSIG"u8) || blob.Length < 10 || BinaryPrimitives.ReadUInt32BigEndian(blob[6..]) != 1)
        {
            return null;
        }

        var rest = blob[10..];
        if (!Take(ref rest, out var key) || !Take(ref rest, out var scope) || !Take(ref rest, out _) || !Take(ref rest, out var hash))
        {
            return null;
        }

        var inner = key;
        if (!Take(ref inner, out var typeBytes) || typeBytes.IsEmpty || typeBytes.Length > 80)
        {
            return null;
        }

        var type = Ascii(typeBytes);
        var details = new Dictionary<string, string> { ["algorithm"] = type, ["namespace"] = Ascii(scope), ["hash"] = Ascii(hash) };
        return type.Contains("-cert-v01@", StringComparison.Ordinal)
            ? SshCertificate.Read(type, inner, details) ?? Plain(key, details)
            : Plain(key, details);
    }

    internal static bool Take(ref ReadOnlySpan<byte> from, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (from.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(from) is var length && length > from.Length - 4)
        {
            return false;
        }

        value = from.Slice(4, (int)length);
        from = from[(4 + (int)length)..];
        return true;
    }

    internal static string Fingerprint(ReadOnlySpan<byte> key) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=');

    internal static string Ascii(ReadOnlySpan<byte> bytes) => Objects.PersonStamp.Clean(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 200)]));

    private static SignerKey Plain(ReadOnlySpan<byte> key, Dictionary<string, string> details)
    {
        var fingerprint = Fingerprint(key);
        return new SignerKey(SignatureFormat.Ssh, $"ssh:{fingerprint}", $"SSH {fingerprint}", null) { Details = details };
    }
}
