namespace NhiGovernance.Inventory.Filtering;

/// <summary>Query strings, without ASP.NET Core.</summary>
internal static class QueryText
{
    public static string Write(IEnumerable<KeyValuePair<string, string>> pairs) =>
        string.Join('&', pairs.Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value).Replace("%2C", ",", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal)}"));

    public static IEnumerable<KeyValuePair<string, string?>> Read(string text)
    {
        foreach (var part in text.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equal = part.IndexOf('=', StringComparison.Ordinal);
            yield return equal < 0
                ? new(Decode(part), string.Empty)
                : new(Decode(part[..equal]), Decode(part[(equal + 1)..]));
        }
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
