using System.Globalization;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>The values of cells: dates, flags, lists, choices.</summary>
internal static class InventoryValues
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss zzz",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd",
    ];

    private static readonly string[] PlaceKinds = ["organization", "repository", "environment", "account", "namespace", "image", "system"];

    /// <summary>
    /// ISO 8601; without a zone it is UTC, as the schema says. "never" is known to be never; empty or "unknown" is not known. Day
    /// first and month first cannot be told apart, so no such form is taken.
    /// </summary>
    public static KnownValue Instant(IReadOnlyDictionary<string, string> row, string column)
    {
        if (!row.TryGetValue(column, out var text) || text.Equals("unknown", StringComparison.OrdinalIgnoreCase))
        {
            return KnownValue.NotExposed;
        }

        if (text.Equals("never", StringComparison.OrdinalIgnoreCase) || text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return KnownValue.Never();
        }

        if (!DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            throw new RefusedRowException($"{column} is no date like 2026-03-01T10:00:00Z or 2026-03-01 (UTC), never or unknown");
        }

        return at.Year is < 1970 or > 9000 ? throw new RefusedRowException($"{column} lies before 1970 or after 9000") : KnownValue.Of(at);
    }

    public static DateOnly? Date(IReadOnlyDictionary<string, string> row, string column) =>
        !row.TryGetValue(column, out var text) ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 1970 and <= 9000 ? date
        : throw new RefusedRowException($"{column} is no date like 2026-03-01");

    public static bool Flag(IReadOnlyDictionary<string, string> row, string column) =>
        (row.GetValueOrDefault(column) ?? "").ToLowerInvariant() switch
        {
            "" or "false" or "no" or "0" => false,
            "true" or "yes" or "1" => true,
            _ => throw new RefusedRowException($"{column} is neither true nor false"),
        };

    /// <summary>"ServiceAccount", "service account" and "service-account" are the same word.</summary>
    public static T Choice<T>(IReadOnlyDictionary<string, string> row, string column, T? except)
        where T : struct, Enum
    {
        var word = InventorySchema.Normalize(row[column]);
        foreach (var value in Enum.GetValues<T>())
        {
            if (!value.Equals(except) && value.ToString().Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        throw new RefusedRowException($"{column} is none of {string.Join(", ", Enum.GetValues<T>().Where(v => !v.Equals(except)))}");
    }

    public static string PlaceKind(string? text) =>
        text is null ? "system"
        : PlaceKinds.Contains(text.ToLowerInvariant()) ? text.ToLowerInvariant()
        : throw new RefusedRowException($"placeKind is none of {string.Join(", ", PlaceKinds)}");

    public static string? Address(string? text) =>
        text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == "https" && uri.UserInfo.Length == 0 && text.Length <= 1000 ? uri.AbsoluteUri
        : throw new RefusedRowException("url is no https address without user name and password");

    public static IReadOnlyList<string> Words(IReadOnlyDictionary<string, string> row, string column)
    {
        var words = (row.GetValueOrDefault(column) ?? "").Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Distinct(StringComparer.Ordinal).ToList();
        return words.Count <= 100 && words.TrueForAll(w => w.Length <= 400 && !w.Any(char.IsControl))
            ? words
            : throw new RefusedRowException($"{column} has more than 100 entries, or one longer than 400 characters");
    }

    /// <summary>"permission @ resource" entries; without a resource it holds everywhere.</summary>
    public static IEnumerable<GrantObservation> Grants(IReadOnlyDictionary<string, string> row, string column, bool altersRelease, bool privileged) =>
        Words(row, column).Select(w => w.IndexOf('@', StringComparison.Ordinal) is > 0 and var cut
            ? new GrantObservation(w[..cut].Trim(), w[(cut + 1)..].Trim(), altersRelease, privileged)
            : new GrantObservation(w, "*", altersRelease, privileged));
}
