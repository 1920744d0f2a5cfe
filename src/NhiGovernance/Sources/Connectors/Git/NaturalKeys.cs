using System.Security.Cryptography;
using System.Text;

namespace NhiGovernance.Sources.Connectors.Git;

/// <summary>Keys and names that fit their columns whatever a repository holds.</summary>
internal static class NaturalKeys
{
    private const int Longest = 300;

    /// <summary>The text, or its beginning and a digest of the whole.</summary>
    public static string Bound(string text)
    {
        var plain = text.Any(char.IsControl) ? string.Concat(text.Where(c => !char.IsControl(c))) : text;
        return plain.Length <= Longest && plain.Length == text.Length
            ? text
            : Cut(plain, 200) + "~" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..24];
    }

    public static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1)] + "…";
}
