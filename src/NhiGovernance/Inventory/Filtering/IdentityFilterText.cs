using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Filtering;

/// <summary>The text form of <see cref="IdentityFilter"/>.</summary>
internal static class IdentityFilterText
{
    private const int MaxText = 200;
    private const int MaxChoices = 100;

    private const string Several = "Several with commas; `-` before one for all but it.";
    private const string Times = "`before:2026-01-31`, `after:2026-01-31`, `within:30d`, `not-within:90d`, `past`, `never` or `unknown`. Dates are UTC.";

    public static IReadOnlyList<(string Name, string Says)> Keys { get; } =
    [
        ("q", $"Words, all of which the name or place must contain; at most {MaxText} characters."),
        ("kind", $"One of {string.Join(", ", Enum.GetNames<IdentityKind>())}. {Several}"),
        ("provider", $"A connector's key. {Several}"),
        ("source", $"A source's id. {Several}"),
        ("team", $"A team's key, or `none`. {Several}"),
        ("product", $"A product's key, or `none`. {Several}"),
        ("service", $"A service's key, or `none`. {Several}"),
        ("environment", $"An environment's key, or `none`. {Several}"),
        ("state", $"One of {string.Join(", ", Enum.GetNames<Presence>())}; retired ones are listed only when this names them. {Several}"),
        ("used", $"Last used: {Times}"),
        ("expires", $"Expires: {Times}"),
        ("seen", $"First seen: {Times}"),
        ("disabled", "`true` or `false`."),
        ("alters", "`true`: only what can alter a release."),
        ("privileged", "`true` or `false`."),
    ];

    public static IReadOnlyList<KeyValuePair<string, string>> Pairs(IdentityFilter filter)
    {
        (string Key, string Value)[] all =
        [
            ("q", filter.Text),
            ("kind", filter.Kinds.ToString()),
            ("provider", filter.Providers.ToString()),
            ("source", filter.Sources.ToString()),
            ("team", filter.Teams.ToString()),
            ("product", filter.Products.ToString()),
            ("service", filter.Services.ToString()),
            ("environment", filter.Environments.ToString()),
            ("state", filter.States.ToString()),
            ("used", filter.LastUsed.ToString()),
            ("expires", filter.Expires.ToString()),
            ("seen", filter.FirstSeen.ToString()),
            ("disabled", Text(filter.Disabled)),
            ("alters", Text(filter.AltersRelease)),
            ("privileged", Text(filter.Privileged)),
        ];
        return all.Where(p => p.Value.Length > 0).Select(p => KeyValuePair.Create(p.Key, p.Value)).ToArray();
    }

    public static Result<IdentityFilter> Parse(IEnumerable<KeyValuePair<string, string?>> query)
    {
        var faults = new List<FieldFault>();
        var filter = IdentityFilter.All;
        foreach (var group in query.GroupBy(p => p.Key, p => p.Value ?? string.Empty, StringComparer.Ordinal))
        {
            // A key that is repeated means the same as its values joined by commas; words of q are joined by blanks.
            var text = string.Join(group.Key == "q" ? ' ' : ',', group.Where(v => v.Length > 0));
            filter = group.Key switch
            {
                "q" => filter with { Text = Words(text, faults) },
                "kind" => filter with { Kinds = Enumerated<IdentityKind>(group.Key, text, faults) },
                "state" => filter with { States = Enumerated<Presence>(group.Key, text, faults) },
                "provider" => filter with { Providers = Words(group.Key, text, faults) },
                "source" => filter with { Sources = Ids(group.Key, text, faults) },
                "team" => filter with { Teams = Words(group.Key, text, faults) },
                "product" => filter with { Products = Words(group.Key, text, faults) },
                "service" => filter with { Services = Words(group.Key, text, faults) },
                "environment" => filter with { Environments = Words(group.Key, text, faults) },
                "used" => filter with { LastUsed = Time(group.Key, text, faults) },
                "expires" => filter with { Expires = Time(group.Key, text, faults) },
                "seen" => filter with { FirstSeen = Time(group.Key, text, faults) },
                "disabled" => filter with { Disabled = Bool(group.Key, text, faults) },
                "alters" => filter with { AltersRelease = Bool(group.Key, text, faults) },
                "privileged" => filter with { Privileged = Bool(group.Key, text, faults) },
                _ => filter,
            };
        }

        return faults.Count > 0 ? new Error.Invalid(faults) : filter;
    }

    private static string Text(bool? value) => value switch { true => "true", false => "false", null => string.Empty };

    private static string Words(string text, List<FieldFault> faults)
    {
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (words.Length > MaxText || words.Contains('\0', StringComparison.Ordinal))
        {
            faults.Add(new FieldFault("q", $"Search for at most {MaxText} characters of text."));
            return string.Empty;
        }

        return words;
    }

    private static Choice Words(string key, string text, List<FieldFault> faults)
    {
        var choice = Choice.Parse(text);
        if (choice.Only.Count + choice.Not.Count > MaxChoices || choice.Only.Concat(choice.Not).Any(v => v.Length > 100 || v.Contains('\0', StringComparison.Ordinal)))
        {
            faults.Add(new FieldFault(key, $"Give at most {MaxChoices} values of at most 100 characters."));
            return Choice.Any;
        }

        return choice;
    }

    private static Choice Enumerated<T>(string key, string text, List<FieldFault> faults)
        where T : struct, Enum =>
        Each(key, Words(key, text, faults), v => Enum.TryParse<T>(v, ignoreCase: true, out var known) && Enum.IsDefined(known)
            && !char.IsAsciiDigit(v[0]) ? known.ToString() : null, $"one of {string.Join(", ", Enum.GetNames<T>())}", faults);

    private static Choice Ids(string key, string text, List<FieldFault> faults) =>
        Each(key, Words(key, text, faults), v => Guid.TryParse(v, out var id) ? id.ToString() : null, "the id of a source", faults);

    private static Choice Each(string key, Choice choice, Func<string, string?> read, string expected, List<FieldFault> faults)
    {
        foreach (var wrong in choice.Only.Concat(choice.Not).Where(v => read(v) is null))
        {
            faults.Add(new FieldFault(key, $"{key}: \"{wrong}\" is not {expected}."));
        }

        var only = Choice.Of(choice.Only.Select(read).OfType<string>());
        return choice.Not.Select(read).OfType<string>().Aggregate(only, (c, v) => c.StateOf(v) == true ? c : c.With(v, false));
    }

    private static TimeFilter Time(string key, string text, List<FieldFault> faults)
    {
        if (TimeFilter.Parse(text) is { } time)
        {
            return time;
        }

        faults.Add(new FieldFault(key, $"{key}: write before:2026-01-31, after:2026-01-31, within:30d, not-within:90d, past, never or unknown."));
        return default;
    }

    private static bool? Bool(string key, string text, List<FieldFault> faults)
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
