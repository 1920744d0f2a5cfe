using NhiGovernance.Common;

namespace NhiGovernance.Inventory.Filtering;

/// <summary>The parts of a filter's text form, read with all faults at once; shared by the inventory's lists.</summary>
internal static class FilterText
{
    public const int MaxText = 200;
    private const int MaxChoices = 100;

    /// <summary>By key: one that is repeated means the same as its values joined by commas; words of q are joined by blanks.</summary>
    public static Dictionary<string, string> Read(IEnumerable<KeyValuePair<string, string?>> query) =>
        query.GroupBy(p => p.Key, p => p.Value ?? string.Empty, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => string.Join(g.Key == "q" ? ' ' : ',', g.Where(v => v.Length > 0)), StringComparer.Ordinal);

    public static string Text(bool? value) => value switch { true => "true", false => "false", null => string.Empty };

    public static string Words(string text, List<FieldFault> faults)
    {
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (words.Length > MaxText || words.Contains('\0', StringComparison.Ordinal))
        {
            faults.Add(new FieldFault("q", $"Search for at most {MaxText} characters of text."));
            return string.Empty;
        }

        return words;
    }

    public static Choice Words(string key, string text, List<FieldFault> faults)
    {
        var choice = Choice.Parse(text);
        if (choice.Only.Count + choice.Not.Count > MaxChoices || choice.Only.Concat(choice.Not).Any(v => v.Length > 100 || v.Contains('\0', StringComparison.Ordinal)))
        {
            faults.Add(new FieldFault(key, $"Give at most {MaxChoices} values of at most 100 characters."));
            return Choice.Any;
        }

        return choice;
    }

    public static Choice Enumerated<T>(string key, string text, List<FieldFault> faults)
        where T : struct, Enum =>
        Each(key, Words(key, text, faults), v => Enum.TryParse<T>(v, ignoreCase: true, out var known) && Enum.IsDefined(known)
            && !char.IsAsciiDigit(v[0]) ? known.ToString() : null, $"one of {string.Join(", ", Enum.GetNames<T>())}", faults);

    public static Choice Ids(string key, string text, List<FieldFault> faults) =>
        Each(key, Words(key, text, faults), v => Guid.TryParse(v, out var id) ? id.ToString() : null, "the id of a source", faults);

    public static Choice Each(string key, Choice choice, Func<string, string?> read, string expected, List<FieldFault> faults)
    {
        foreach (var wrong in choice.Only.Concat(choice.Not).Where(v => read(v) is null))
        {
            faults.Add(new FieldFault(key, $"{key}: \"{wrong}\" is not {expected}."));
        }

        var only = Choice.Of(choice.Only.Select(read).OfType<string>());
        return choice.Not.Select(read).OfType<string>().Aggregate(only, (c, v) => c.StateOf(v) == true ? c : c.With(v, false));
    }

    public static TimeFilter Time(string key, string text, List<FieldFault> faults)
    {
        if (TimeFilter.Parse(text) is { } time)
        {
            return time;
        }

        faults.Add(new FieldFault(key, $"{key}: write before:2026-01-31, after:2026-01-31, within:30d, not-within:90d, past, never or unknown."));
        return default;
    }

    public static bool? Bool(string key, string text, List<FieldFault> faults)
    {
        switch (text)
        {
            case "":
                return null;
            case "true":
                return true;
            case "false":
                return false;
            default:
                faults.Add(new FieldFault(key, $"{key} is true or false."));
                return null;
        }
    }
}
