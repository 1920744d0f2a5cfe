using System.Formats.Asn1;
using System.Security.Cryptography;

namespace NhiGovernance.Sources.Connectors.Git.Signatures;

/// <summary>From an armored signature to the keys that it names. Never throws on what it is given.</summary>
internal static class SignatureReader
{
    /// <summary>Empty when the signature cannot be read.</summary>
    public static IReadOnlyList<SignerKey> Read(string armored)
    {
        if (Armor.Read(armored) is not var (label, bytes))
        {
            return [];
        }

        try
        {
            return label switch
            {
                "PGP SIGNATURE" or "PGP MESSAGE" => OpenPgpSignature.Read(bytes),
                "SSH SIGNATURE" => SshSignature.Read(bytes) is { } key ? [key] : [],
                "SIGNED MESSAGE" or "CMS" or "PKCS7" => CmsSignature.Read(bytes),
                _ => [],
            };
        }
        catch (Exception error) when (error is AsnContentException or CryptographicException or ArgumentException or OverflowException or FormatException)
        {
            return [];
        }
    }
}
