using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace NhiGovernance.Sources.Connectors.Git.Signatures;

/// <summary>What a signer's certificate says. A Fulcio certificate lives ten minutes: there the signer is the identity in it.</summary>
internal static class SignerCertificate
{
    /// <summary>Fulcio's issuer extensions: https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md.</summary>
    private const string FulcioIssuerRaw = "1.3.6.1.4.1.57264.1.1";
    private const string FulcioIssuer = "1.3.6.1.4.1.57264.1.8";

    public static SignerKey Describe(X509Certificate2 certificate, DateTimeOffset? at)
    {
        var names = AlternativeNames(certificate);
        var details = new Dictionary<string, string>
        {
            ["subject"] = SignerKey.Text(certificate.SubjectName),
            ["issuer"] = SignerKey.Text(certificate.IssuerName),
            ["serial"] = certificate.SerialNumber,
            ["algorithm"] = certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value ?? "",
        };
        if (names.Count > 0)
        {
            details["alternativeNames"] = string.Join(", ", names);
        }

        var (notBefore, notAfter) = (new DateTimeOffset(certificate.NotBefore.ToUniversalTime()), new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
        if (Issuer(certificate) is { } issuer && names.Count > 0)
        {
            details["identityIssuer"] = issuer;
            details["identity"] = names[0];
            return new SignerKey(SignatureFormat.Keyless, $"keyless:{issuer}|{names[0]}", names[0], at ?? notBefore) { Details = details };
        }

        var thumbprint = Convert.ToHexString(SHA256.HashData(certificate.RawDataMemory.Span));
        var common = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return new SignerKey(SignatureFormat.X509, $"x509:SHA256:{thumbprint}", $"X.509 {(common.Length > 0 ? Objects.PersonStamp.Clean(common) : thumbprint[..16])}", at)
        {
            NotBefore = notBefore,
            NotAfter = notAfter,
            Details = details,
        };
    }

    private static string? Issuer(X509Certificate2 certificate)
    {
        if (certificate.Extensions[FulcioIssuer] is { } wrapped)
        {
            return Objects.PersonStamp.Clean(new AsnReader(wrapped.RawData, AsnEncodingRules.DER).ReadCharacterString(UniversalTagNumber.UTF8String));
        }

        return certificate.Extensions[FulcioIssuerRaw] is { } raw ? Objects.PersonStamp.Clean(Encoding.UTF8.GetString(raw.RawData)) : null;
    }

    /// <summary>E-mail addresses and URIs of the subject alternative name.</summary>
    private static List<string> AlternativeNames(X509Certificate2 certificate)
    {
        var names = new List<string>();
        if (certificate.Extensions["2.5.29.17"] is not { } extension)
        {
            return names;
        }

        var list = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
        while (list.HasData && names.Count < 10)
        {
            var tag = list.PeekTag();
            if (tag.TagClass == TagClass.ContextSpecific && tag.TagValue is 1 or 6)
            {
                names.Add(Objects.PersonStamp.Clean(list.ReadCharacterString(UniversalTagNumber.IA5String, tag)));
            }
            else
            {
                list.ReadEncodedValue();
            }
        }

        return names;
    }
}
