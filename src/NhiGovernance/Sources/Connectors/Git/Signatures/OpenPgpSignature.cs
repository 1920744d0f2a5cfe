using System.Buffers.Binary;
using System.Globalization;

namespace NhiGovernance.Sources.Connectors.Git.Signatures;

/// <summary>
/// Signature packets of RFC 4880 and RFC 9580 (versions 3, 4, 5 and 6): issuer, creation time, algorithm. The key named is the
/// one that signed, often a subkey.
/// </summary>
internal static class OpenPgpSignature
{
    private const int SignatureTag = 2;
    private const int MostPackets = 16;

    public static IReadOnlyList<SignerKey> Read(ReadOnlySpan<byte> bytes)
    {
        var found = new List<SignerKey>();
        for (var n = 0; n < MostPackets && !bytes.IsEmpty; n++)
        {
            if (!NextPacket(ref bytes, out var tag, out var body))
            {
                break;
            }

            if (tag == SignatureTag && Signature(body) is { } key)
            {
                found.Add(key);
            }
        }

        return found;
    }

    private static bool NextPacket(ref ReadOnlySpan<byte> bytes, out int tag, out ReadOnlySpan<byte> body)
    {
        tag = 0;
        body = default;
        var header = bytes[0];
        if ((header & 0x80) == 0)
        {
            return false;
        }

        var rest = bytes[1..];
        long length;
        if ((header & 0x40) != 0)
        {
            tag = header & 0x3F;
            if (!SubpacketLength(ref rest, out length))
            {
                return false;
            }
        }
        else
        {
            tag = (header >> 2) & 0x0F;
            var size = (header & 3) switch { 0 => 1, 1 => 2, 2 => 4, _ => 0 };
            if (rest.Length < size)
            {
                return false;
            }

            length = size switch { 1 => rest[0], 2 => BinaryPrimitives.ReadUInt16BigEndian(rest), 4 => BinaryPrimitives.ReadUInt32BigEndian(rest), _ => rest.Length };
            rest = rest[size..];
        }

        if (length > rest.Length)
        {
            return false;
        }

        body = rest[..(int)length];
        bytes = rest[(int)length..];
        return true;
    }

    /// <summary>One, two or five octets. Partial lengths (224 to 254) do not occur in signatures and are refused.</summary>
    private static bool SubpacketLength(ref ReadOnlySpan<byte> bytes, out long length)
    {
        length = 0;
        if (bytes.IsEmpty)
        {
            return false;
        }

        var first = bytes[0];
        var size = first < 192 ? 1 : first == 255 ? 5 : first < 224 ? 2 : 0;
        if (size == 0 || bytes.Length < size)
        {
            return false;
        }

        length = size switch
        {
            1 => first,
            2 => ((first - 192) << 8) + bytes[1] + 192,
            _ => BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]),
        };
        bytes = bytes[size..];
        return true;
    }

    private static SignerKey? Signature(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return null;
        }

        return body[0] switch
        {
            3 => Version3(body),
            4 or 5 => Newer(body, 2),
            6 => Newer(body, 4),
            _ => null,
        };
    }

    private static SignerKey? Version3(ReadOnlySpan<byte> body) =>
        body.Length < 17 || body[1] != 5
            ? null
            : Make(3, null, Convert.ToHexString(body.Slice(7, 8)), Time(body[3..]), body[15], body[16]);

    private static SignerKey? Newer(ReadOnlySpan<byte> body, int countSize)
    {
        if (body.Length < 4 + countSize)
        {
            return null;
        }

        var (version, algorithm, hash) = (body[0], body[2], body[3]);
        var issuer = default(Issuer);
        var rest = body[4..];

        // The hashed area first: what it says is covered by the signature and wins over the unhashed one.
        for (var area = 0; area < 2; area++)
        {
            if (rest.Length < countSize)
            {
                break;
            }

            long size = countSize == 2 ? BinaryPrimitives.ReadUInt16BigEndian(rest) : BinaryPrimitives.ReadUInt32BigEndian(rest);
            rest = rest[countSize..];
            if (size > rest.Length)
            {
                break;
            }

            Subpackets(rest[..(int)size], ref issuer);
            rest = rest[(int)size..];
        }

        return issuer.Fingerprint is null && issuer.KeyId is null
            ? null
            : Make(version, issuer.Fingerprint, issuer.KeyId, issuer.Created, algorithm, hash);
    }

    private static void Subpackets(ReadOnlySpan<byte> area, ref Issuer issuer)
    {
        while (SubpacketLength(ref area, out var length) && length >= 1 && length <= area.Length)
        {
            var data = area[1..(int)length];
            switch (area[0] & 0x7F)
            {
                case 2 when data.Length == 4:
                    issuer.Created ??= Time(data);
                    break;
                case 16 when data.Length == 8:
                    issuer.KeyId ??= Convert.ToHexString(data);
                    break;
                case 33 when (data.Length == 21 && data[0] == 4) || (data.Length == 33 && data[0] is 5 or 6):
                    issuer.Fingerprint ??= Convert.ToHexString(data[1..]);
                    break;
            }

            area = area[(int)length..];
        }
    }

    private static DateTimeOffset Time(ReadOnlySpan<byte> bytes) => DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes));

    private static SignerKey Make(int version, string? fingerprint, string? keyId, DateTimeOffset? at, byte algorithm, byte hash)
    {
        keyId = fingerprint is null ? keyId : fingerprint.Length == 40 ? fingerprint[^16..] : fingerprint[..16];
        return new SignerKey(SignatureFormat.OpenPgp, fingerprint is null ? $"gpg-id:{keyId}" : $"gpg:{fingerprint}", $"GPG {keyId}", at)
        {
            PgpKeyId = keyId,
            Details = new Dictionary<string, string>
            {
                ["algorithm"] = Algorithm(algorithm),
                ["hash"] = Hash(hash),
                ["signatureVersion"] = version.ToString(CultureInfo.InvariantCulture),
            },
        };
    }

    private static string Algorithm(byte id) => id switch
    {
        1 or 3 => "RSA",
        17 => "DSA",
        19 => "ECDSA",
        22 => "EdDSA",
        27 => "Ed25519",
        28 => "Ed448",
        _ => $"algorithm {id}",
    };

    private static string Hash(byte id) => id switch
    {
        1 => "MD5",
        2 => "SHA1",
        3 => "RIPEMD160",
        8 => "SHA256",
        9 => "SHA384",
        10 => "SHA512",
        11 => "SHA224",
        12 => "SHA3-256",
        14 => "SHA3-512",
        _ => $"hash {id}",
    };

    private struct Issuer
    {
        public string? Fingerprint;
        public string? KeyId;
        public DateTimeOffset? Created;
    }
}
