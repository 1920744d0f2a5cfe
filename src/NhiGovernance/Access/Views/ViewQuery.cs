using System.Text.RegularExpressions;
using NhiGovernance.Common;

namespace NhiGovernance.Access.Views;

/// <summary>What of an address makes a view: filters, words, sort, columns; not the page of rows nor the open row. Pure.</summary>
public static partial class ViewQuery
{
    public const int Longest = 2_000;
    public const int LongestName = 60;
    public const int LongestPage = 120;

    private static readonly HashSet<string> NotPart = new(StringComparer.OrdinalIgnoreCase) { "cursor", "from", "open", "view" };

    /// <summary>The same state gives the same text, however it was clicked together: keys in order, nothing empty, no "?".</summary>
    public static string Normal(string? query) => string.Join('&', (query ?? "").TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Where(pair => pair.Length == 2 && pair[1].Length > 0 && !NotPart.Contains(Uri.UnescapeDataString(pair[0])))
        .Select(pair => (Key: Same(pair[0]), Value: Same(pair[1])))
        .OrderBy(pair => pair.Key, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
        .Select(pair => $"{pair.Key}={pair.Value}"));

    private static string Same(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text.Replace('+', ' ')));

    /// <summary>Where it leads.</summary>
    public static string Href(string page, string query) => query.Length == 0 ? page : $"{page}?{query}";

    internal static Error? Faults(string name, string? page = null, string? query = null)
    {
        var faults = new List<FieldFault>();
        if (name.Trim().Length is 0 or > LongestName || name.Any(char.IsControl))
        {
            faults.Add(new FieldFault("name", $"A name is 1 to {LongestName} characters on one line."));
        }

        if (page is not null && (page.Length > LongestPage || !PagePath().IsMatch(page)))
        {
            faults.Add(new FieldFault("page", "A page is a path of this product, such as /identities."));
        }

        if (query is { Length: > Longest })
        {
            faults.Add(new FieldFault("query", "This is too much for one view. Take filters away."));
        }

        return faults.Count == 0 ? null : new Error.Invalid(faults);
    }

    [GeneratedRegex("^/[a-z0-9]+(?:[/-][a-z0-9]+)*$", RegexOptions.NonBacktracking)]
    private static partial Regex PagePath();
}
