using System.Buffers.Binary;
using System.Globalization;

namespace NhiGovernance.Sources.Connectors.Git.Signatures;

/// <summary>
/// OpenSSH's PROTOCOL.certkeys. The key named is the certified key itself, so that a renewed certificate stays the same signer.
/// </summary>
internal static class SshCertificate
{
    /// <param name="rest">What follows the type: nonce, the key's own fields, serial, type, key id, principals, validity, …, authority.</param>
    public static SignerKey? Read(string type, ReadOnlySpan<byte> rest, Dictionary<string, string> details)
    {
        var plainType = type.Replace("-cert-v01@openssh.com", "", StringComparison.Ordinal);
        plainType = plainType.StartsWith("sk-", StringComparison.Ordinal) ? plainType + "@openssh.com" : plainType;
        var fields = plainType switch { "ssh-ed25519" => 1, "ssh-rsa" => 2, "sk-ssh-ed25519@openssh.com" => 2, "sk-ecdsa-sha2-nistp256@openssh.com" => 3, "ssh-dss" => 4, _ => 2 };
        if (!SshSignature.Take(ref rest, out _))
        {
            return null;
        }

        var start = rest;
        for (var i = 0; i < fields; i++)
        {
            if (!SshSignature.Take(ref rest, out _))
            {
                return null;
            }
        }

        var key = Join(plainType, start[..(start.Length - rest.Length)]);
        if (rest.Length < 12)
        {
            return null;
        }

        var serial = BinaryPrimitives.ReadUInt64BigEndian(rest);
        rest = rest[12..];
        if (!SshSignature.Take(ref rest, out var keyId) || !SshSignature.Take(ref rest, out _) || rest.Length < 16)
        {
            return null;
        }

        var after = Time(BinaryPrimitives.ReadUInt64BigEndian(rest));
        var before = Time(BinaryPrimitives.ReadUInt64BigEndian(rest[8..]));
        rest = rest[16..];
        details["certificateSerial"] = serial.ToString(CultureInfo.InvariantCulture);
        details["certificateKeyId"] = SshSignature.Ascii(keyId);
        if (SshSignature.Take(ref rest, out _) && SshSignature.Take(ref rest, out _) && SshSignature.Take(ref rest, out _)
            && SshSignature.Take(ref rest, out var authority))
        {
            details["certificateAuthority"] = SshSignature.Fingerprint(authority);
        }

        var fingerprint = SshSignature.Fingerprint(key);
        return new SignerKey(SignatureFormat.Ssh, $"ssh:{fingerprint}", $"SSH {fingerprint}", null) { Details = details, NotBefore = after, NotAfter = before };
    }

    private static byte[] Join(string type, ReadOnlySpan<byte> fields)
    {
        var key = new byte[4 + type.Length + fields.Length];
        BinaryPrimitives.WriteUInt32BigEndian(key, (uint)type.Length);
        System.Text.Encoding.ASCII.GetBytes(type, key.AsSpan(4));
        fields.CopyTo(key.AsSpan(4 + type.Length));
        return key;
    }

    /// <summary>0 and the largest number mean "always".</summary>
    private static DateTimeOffset? Time(ulong seconds) => seconds is 0 or > 253402300799 ? null : DateTimeOffset.FromUnixTimeSeconds((long)seconds);
}
