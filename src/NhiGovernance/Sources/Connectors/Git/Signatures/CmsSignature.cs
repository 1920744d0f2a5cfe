using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NhiGovernance.Sources.Connectors.Git.Signatures;

/// <summary>
/// RFC 5652 SignedData: for each signer its certificate (by issuer and serial, or key id) and the signing time. BER as well as
/// DER: gpgsm writes indefinite lengths.
/// </summary>
internal static class CmsSignature
{
    private const string SignedDataOid = "1.2.840.113549.1.7.2";
    private const string SigningTimeOid = "1.2.840.113549.1.9.5";
    private const int MostCertificates = 20;

    public static IReadOnlyList<SignerKey> Read(ReadOnlyMemory<byte> bytes)
    {
        var content = new AsnReader(bytes, AsnEncodingRules.BER).ReadSequence();
        if (content.ReadObjectIdentifier() != SignedDataOid)
        {
            return [];
        }

        var signed = content.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence();
        signed.ReadInteger();
        signed.ReadSetOf(skipSortOrderValidation: true);
        signed.ReadSequence();
        var certificates = new List<X509Certificate2>();
        try
        {
            AsnReader? infos = null;
            while (signed.HasData)
            {
                var tag = signed.PeekTag();
                if (tag.HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 0)))
                {
                    Load(signed.ReadSetOf(skipSortOrderValidation: true, new Asn1Tag(TagClass.ContextSpecific, 0)), certificates);
                }
                else if (tag.HasSameClassAndValue(Asn1Tag.SetOf))
                {
                    infos = signed.ReadSetOf(skipSortOrderValidation: true);
                }
                else
                {
                    signed.ReadEncodedValue();
                }
            }

            var keys = new List<SignerKey>();
            while (infos is { HasData: true } && keys.Count < MostCertificates)
            {
                if (Signer(infos.ReadSequence(), certificates) is { } key)
                {
                    keys.Add(key);
                }
            }

            return keys;
        }
        finally
        {
            certificates.ForEach(c => c.Dispose());
        }
    }

    private static void Load(AsnReader set, List<X509Certificate2> into)
    {
        while (set.HasData && into.Count < MostCertificates)
        {
            var encoded = set.ReadEncodedValue();
            if (encoded.Span[0] == 0x30)
            {
                into.Add(X509CertificateLoader.LoadCertificate(encoded.Span));
            }
        }
    }

    private static SignerKey? Signer(AsnReader info, List<X509Certificate2> certificates)
    {
        info.ReadInteger();
        X509Certificate2? certificate;
        string named;
        if (info.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            var identifier = info.ReadSequence();
            var issuer = new X500DistinguishedName(identifier.ReadEncodedValue().Span);
            var serial = identifier.ReadInteger();
            certificate = certificates.Find(c => new BigInteger(c.SerialNumberBytes.Span, isUnsigned: false, isBigEndian: true) == serial
                && c.IssuerName.RawData.AsSpan().SequenceEqual(issuer.RawData));
            named = $"{SignerKey.Text(issuer)} serial {serial.ToString("X", System.Globalization.CultureInfo.InvariantCulture)}";
        }
        else
        {
            var keyId = info.ReadOctetString(new Asn1Tag(TagClass.ContextSpecific, 0));
            certificate = certificates.Find(c => c.Extensions.OfType<X509SubjectKeyIdentifierExtension>()
                .Any(e => e.SubjectKeyIdentifierBytes.Span.SequenceEqual(keyId)));
            named = $"key id {Convert.ToHexString(keyId)}";
        }

        info.ReadSequence();
        var at = info.HasData && info.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 0))
            ? SigningTime(info.ReadSetOf(skipSortOrderValidation: true, new Asn1Tag(TagClass.ContextSpecific, 0)))
            : null;
        if (certificate is not null)
        {
            return SignerCertificate.Describe(certificate, at);
        }

        // The certificate was left out of the signature: the name that it gives is all there is.
        var digest = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(named)))[..24];
        return new SignerKey(SignatureFormat.X509, $"x509-name:{digest}", $"X.509 {named}", at)
        {
            Details = new Dictionary<string, string> { ["certificate"] = "not in the signature", ["signer"] = named },
        };
    }

    private static DateTimeOffset? SigningTime(AsnReader attributes)
    {
        while (attributes.HasData)
        {
            var attribute = attributes.ReadSequence();
            if (attribute.ReadObjectIdentifier() != SigningTimeOid)
            {
                continue;
            }

            var values = attribute.ReadSetOf(skipSortOrderValidation: true);
            return values.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? values.ReadUtcTime() : values.ReadGeneralizedTime();
        }

        return null;
    }
}
