using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>Makes what GitHub sent fit to be kept: no control characters, bounded, and nothing that looks like a GitHub token.</summary>
internal static partial class Text
{
    public static string Clean(string? raw, int most = 300)
    {
        if (string.IsNullOrEmpty(raw))
        {
            return string.Empty;
        }

        var text = raw.Length <= most * 2 ? raw : raw[..(most * 2)];
        text = Tokens().Replace(text, "(redacted)");
        var clean = new StringBuilder(Math.Min(text.Length, most));
        foreach (var rune in text.EnumerateRunes())
        {
            // PostgreSQL's text and jsonb refuse U+0000; the others break logs and lists. Format characters include bidi overrides.
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate)
            {
                continue;
            }

            if (clean.Length + rune.Utf16SequenceLength > most)
            {
                break;
            }

            clean.Append(rune.ToString());
        }

        return clean.ToString().Trim();
    }

    /// <summary>What people call a thing; never empty.</summary>
    public static string Name(string? raw, string fallback) => Clean(raw, 200) is { Length: > 0 } name ? name : fallback;

    /// <summary>A page of the vendor, https only, without query and user info.</summary>
    public static string? Page(string? raw) =>
        Uri.TryCreate(raw, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0
            ? Clean(uri.GetLeftPart(UriPartial.Path), 1000)
            : null;

    /// <summary>GitHub writes instants with Z, with an offset, and with fractions. Null when there is none or it cannot be read.</summary>
    public static DateTimeOffset? Instant(string? raw) =>
        DateTimeOffset.TryParse(raw, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : null;

    /// <summary>A set as one fact: sorted, so that an order that changes is no change.</summary>
    public static KnownValue Set(IEnumerable<string?>? values) =>
        KnownValue.Of(Clean(string.Join(", ", (values ?? []).Select(v => Clean(v)).Where(v => v.Length > 0).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)), 2000));

    public static KnownValue Known(string? value, KnownValue? otherwise = null) =>
        Clean(value) is { Length: > 0 } text ? KnownValue.Of(text) : otherwise ?? KnownValue.NotExposed;

    public static KnownValue Known(bool? value, KnownValue? otherwise = null) =>
        value is { } known ? KnownValue.Of(known) : otherwise ?? KnownValue.NotExposed;

    public static KnownValue Known(long? value, KnownValue? otherwise = null) =>
        value is { } known ? KnownValue.Of(known) : otherwise ?? KnownValue.NotExposed;

    public static KnownValue KnownInstant(string? raw, KnownValue? otherwise = null) =>
        Instant(raw) is { } at ? KnownValue.Of(at) : otherwise ?? KnownValue.NotExposed;

    [GeneratedRegex("(gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tokens();
}
