using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>
/// Makes vendors' text storable: PostgreSQL refuses U+0000 in text and JSON, no database takes half a surrogate pair, and
/// columns end. A strange name never fails a batch.
/// </summary>
internal static class Clean
{
    private const char Replacement = '\uFFFD';
    private const int HashLength = 65;
    private const int MaxFact = 4_000;
    private const int MaxFacts = 200;

    /// <summary>The text, at most <paramref name="max"/> UTF-16 units, cut between characters and marked by an ellipsis.</summary>
    public static string Text(string? text, int max)
    {
        if (string.IsNullOrEmpty(text))
        {
            return string.Empty;
        }

        var whole = IsWhole(text) ? text : Mend(text);
        if (whole.Length <= max)
        {
            return whole;
        }

        var end = max - 1;
        return string.Concat(whole.AsSpan(0, char.IsHighSurrogate(whole[end - 1]) ? end - 1 : end), "…");
    }

    public static string? TextOrNull(string? text, int max) => string.IsNullOrEmpty(text) ? null : Text(text, max);

    /// <summary>
    /// A key that stays unique: when it had to be mended or cut, the SHA-256 of the original stands at its end, so that two
    /// keys never become one.
    /// </summary>
    public static string Key(string key, int max)
    {
        if (key.Length <= max && IsWhole(key))
        {
            return key;
        }

        // Over UTF-16 units, because UTF-8 has no bytes for half a surrogate pair.
        return Text(key, max - HashLength) + "~" + Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(key.AsSpan())));
    }

    public static KnownValue Value(KnownValue value) => value is { Text: null, Permission: null }
        ? value
        : value with { Text = TextOrEmpty(value.Text), Permission = TextOrNull(value.Permission, 300) };

    /// <summary>Facts in key order, at most 200, each cleaned.</summary>
    public static SortedDictionary<string, KnownValue> Facts(
        IReadOnlyDictionary<string, KnownValue> facts, params ReadOnlySpan<(string Name, KnownValue Value)> more)
    {
        var clean = new SortedDictionary<string, KnownValue>(StringComparer.Ordinal);
        foreach (var (name, value) in facts)
        {
            if (clean.Count < MaxFacts)
            {
                clean[Text(name, 100)] = Value(value);
            }
        }

        foreach (var (name, value) in more)
        {
            clean[name] = Value(value);
        }

        return clean;
    }

    // An empty text is a value; a missing one is none.
    private static string? TextOrEmpty(string? text) => text is null ? null : Text(text, MaxFact);

    private static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\0' || char.IsLowSurrogate(c))
            {
                return false;
            }

            if (char.IsHighSurrogate(c))
            {
                if (i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }

    private static string Mend(string text)
    {
        var mended = text.ToCharArray();
        for (var i = 0; i < mended.Length; i++)
        {
            if (char.IsHighSurrogate(mended[i]) && i + 1 < mended.Length && char.IsLowSurrogate(mended[i + 1]))
            {
                i++;
            }
            else if (mended[i] == '\0' || char.IsSurrogate(mended[i]))
            {
                mended[i] = Replacement;
            }
        }

        return new string(mended);
    }
}
