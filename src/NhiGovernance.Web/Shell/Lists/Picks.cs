namespace NhiGovernance.Web.Shell.Lists;

/// <summary>
/// The text of a three-way choice as it stands in the address: values separated by commas, a leading <c>!</c> leaves one out.
/// Pure; the use cases' own filters read the same text.
/// </summary>
public static class Picks
{
    public static IReadOnlyList<string> Only(string? text) => [.. Values(text).Where(v => v[0] != '!')];

    public static IReadOnlyList<string> Not(string? text) => [.. Values(text).Where(v => v[0] == '!' && v.Length > 1).Select(v => v[1..])];

    /// <summary>True: only; false: left out; null: any.</summary>
    public static bool? State(string? text, string value) =>
        Only(text).Contains(value) ? true : Not(text).Contains(value) ? false : null;

    /// <summary>The text with one value set; empty text when nothing is left.</summary>
    public static string With(string? text, string value, bool? state)
    {
        var rest = Values(text).Where(v => v != value && v != "!" + value);
        return string.Join(',', state switch { true => rest.Append(value), false => rest.Append("!" + value), null => rest });
    }

    /// <summary>any, only, leave out, and any again.</summary>
    public static bool? Next(bool? state) => state switch { null => true, true => false, false => null };

    private static string[] Values(string? text) =>
        (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
