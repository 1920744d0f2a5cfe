using System.Globalization;

namespace NhiGovernance.Sources.Connectors.Git.Objects;

/// <summary>"Name &lt;e-mail&gt; seconds zone" of a commit or tag. Self-declared: anybody can write anything here.</summary>
internal sealed record PersonStamp(string Name, string Email, DateTimeOffset? At)
{
    private const int Longest = 200;

    /// <summary>Null when the line has no e-mail in angle brackets at all.</summary>
    public static PersonStamp? Parse(string line)
    {
        var close = line.LastIndexOf('>');
        var open = close < 0 ? -1 : line.LastIndexOf('<', close);
        if (open < 0)
        {
            return null;
        }

        return new PersonStamp(Clean(line[..open]), Clean(line[(open + 1)..close]), When(line[(close + 1)..]));
    }

    /// <summary>One line, no control characters, bounded: what is shown on pages.</summary>
    public static string Clean(string text)
    {
        var kept = text.Length > Longest * 4 ? text[..(Longest * 4)] : text;
        kept = string.Concat(kept.Where(c => !char.IsControl(c) && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format)).Trim();
        return kept.Length <= Longest ? kept : kept[..(char.IsHighSurrogate(kept[Longest - 1]) ? Longest - 1 : Longest)];
    }

    private static DateTimeOffset? When(string text)
    {
        var first = text.AsSpan().Trim();
        var cut = first.IndexOf(' ');
        first = cut < 0 ? first : first[..cut];
        return long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 253402300799
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
    }
}
