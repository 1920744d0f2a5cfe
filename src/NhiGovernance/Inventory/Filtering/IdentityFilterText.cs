using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Filtering;

/// <summary>The text form of <see cref="IdentityFilter"/>.</summary>
internal static class IdentityFilterText
{
    internal const string Several = "Several with commas; `!` before one for all but it.";
    internal const string Times = "`before:2026-01-31`, `after:2026-01-31`, `within:30d`, `not-within:90d`, `past`, `never` or `unknown`. Dates are UTC.";

    public static IReadOnlyList<(string Name, string Says)> Keys { get; } =
    [
        ("q", $"Words, all of which the name or place must contain; at most {FilterText.MaxText} characters."),
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
            ("disabled", FilterText.Text(filter.Disabled)),
            ("alters", FilterText.Text(filter.AltersRelease)),
            ("privileged", FilterText.Text(filter.Privileged)),
        ];
        return all.Where(p => p.Value.Length > 0).Select(p => KeyValuePair.Create(p.Key, p.Value)).ToArray();
    }

    public static Result<IdentityFilter> Parse(IEnumerable<KeyValuePair<string, string?>> query)
    {
        var faults = new List<FieldFault>();
        var filter = IdentityFilter.All;
        foreach (var (key, text) in FilterText.Read(query))
        {
            filter = key switch
            {
                "q" => filter with { Text = FilterText.Words(text, faults) },
                "kind" => filter with { Kinds = FilterText.Enumerated<IdentityKind>(key, text, faults) },
                "state" => filter with { States = FilterText.Enumerated<Presence>(key, text, faults) },
                "provider" => filter with { Providers = FilterText.Words(key, text, faults) },
                "source" => filter with { Sources = FilterText.Ids(key, text, faults) },
                "team" => filter with { Teams = FilterText.Words(key, text, faults) },
                "product" => filter with { Products = FilterText.Words(key, text, faults) },
                "service" => filter with { Services = FilterText.Words(key, text, faults) },
                "environment" => filter with { Environments = FilterText.Words(key, text, faults) },
                "used" => filter with { LastUsed = FilterText.Time(key, text, faults) },
                "expires" => filter with { Expires = FilterText.Time(key, text, faults) },
                "seen" => filter with { FirstSeen = FilterText.Time(key, text, faults) },
                "disabled" => filter with { Disabled = FilterText.Bool(key, text, faults) },
                "alters" => filter with { AltersRelease = FilterText.Bool(key, text, faults) },
                "privileged" => filter with { Privileged = FilterText.Bool(key, text, faults) },
                _ => filter,
            };
        }

        return faults.Count > 0 ? new Error.Invalid(faults) : filter;
    }
}
