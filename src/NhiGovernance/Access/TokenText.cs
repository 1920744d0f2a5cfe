using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace NhiGovernance.Access;

/// <summary>
/// The text of a token: <c>nhi_api_PUBLICID_SECRETCHECKSUM</c>. Underscores, so that a double click selects all of it; the last
/// six characters are a checksum, so that a secret scanner knows a real one without asking us.
/// </summary>
/// <param name="PublicId">12 characters, shown in lists.</param>
/// <param name="SecretHash">SHA-256 of the secret's text.</param>
public sealed partial record TokenText(string Kind, string PublicId, byte[] SecretHash)
{
    /// <summary>For secret scanners. The checksum: CRC-32 of all that stands before it, base 62, six characters.</summary>
    public const string Pattern = "nhi_[a-z]{3}_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}";

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int ChecksumLength = 6;

    public static (string Text, TokenText Parsed) Make(string kind)
    {
        var publicId = RandomNumberGenerator.GetString(Alphabet, 12);
        var secret = RandomNumberGenerator.GetString(Alphabet, 43);
        var body = $"nhi_{kind}_{publicId}_{secret}";
        return (body + Checksum(body), new TokenText(kind, publicId, Hash(secret)));
    }

    /// <summary>Null when the text is no token of ours or was mistyped. Costs no look-up.</summary>
    public static TokenText? Parse(string? text)
    {
        if (text is not { Length: 70 } || !Shape().IsMatch(text))
        {
            return null;
        }

        var body = text[..^ChecksumLength];
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Checksum(body)), Encoding.ASCII.GetBytes(text[^ChecksumLength..]))
            ? new TokenText(text[4..7], text[8..20], Hash(body[21..]))
            : null;
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));

    internal static string Checksum(string body)
    {
        var crc = ~0u;
        foreach (var b in Encoding.ASCII.GetBytes(body))
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
            }
        }

        crc = ~crc;
        Span<char> digits = stackalloc char[ChecksumLength];
        for (var i = ChecksumLength - 1; i >= 0; i--)
        {
            (crc, var digit) = Math.DivRem(crc, (uint)Alphabet.Length);
            digits[i] = Alphabet[(int)digit];
        }

        return new string(digits);
    }

    public override string ToString() => $"nhi_{Kind}_{PublicId}_…";

    [GeneratedRegex("^nhi_[a-z]{3}_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
