using NhiGovernance.Common;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Resources;

/// <summary>
/// Which resources, as <see cref="IdentityFilter"/> says which identities: it prints to and parses from a query string. Retired
/// ones are listed only when <see cref="States"/> names them.
/// </summary>
public sealed record ResourceFilter
{
    public const string AnyRisk = "any";

    public static readonly ResourceFilter All = new();

    /// <summary><c>kind</c>: <see cref="ResourceKind"/>.</summary>
    public Choice Kinds { get; init; } = Choice.Any;

    /// <summary><c>risk</c>: <see cref="ReleaseRisk"/>, "any" for any of them, or "none".</summary>
    public Choice Risks { get; init; } = Choice.Any;

    /// <summary><c>source</c>: a source's id.</summary>
    public Choice Sources { get; init; } = Choice.Any;

    /// <summary><c>team</c>: a team's key, or "none".</summary>
    public Choice Teams { get; init; } = Choice.Any;

    /// <summary><c>product</c>: a product's key, or "none".</summary>
    public Choice Products { get; init; } = Choice.Any;

    /// <summary><c>service</c>: a service's key, or "none".</summary>
    public Choice Services { get; init; } = Choice.Any;

    /// <summary><c>environment</c>: an environment's key, or "none".</summary>
    public Choice Environments { get; init; } = Choice.Any;

    /// <summary><c>state</c>: <see cref="Presence"/>.</summary>
    public Choice States { get; init; } = Choice.Any;

    /// <summary><c>changed</c>: first seen or changed since.</summary>
    public TimeFilter Changed { get; init; }

    /// <summary><c>place</c>: a path, "acme/shop"; what lies in it ("acme/shop/production") too.</summary>
    public string Place { get; init; } = string.Empty;

    /// <summary><c>q</c>: words, all of which the name or place must contain.</summary>
    public string Text { get; init; } = string.Empty;

    public bool IsAll => this == All;

    /// <summary>What <see cref="Parse(string)"/> reads, in words.</summary>
    public static IReadOnlyList<(string Name, string Says)> Keys { get; } =
    [
        ("kind", $"One of {string.Join(", ", Enum.GetNames<ResourceKind>())}. {IdentityFilterText.Several}"),
        ("risk", $"For a release: `any`, `none`, or one of {string.Join(", ", Enum.GetNames<ReleaseRisk>().Skip(1))}. {IdentityFilterText.Several}"),
        .. IdentityFilterText.Keys.Where(k => k.Name is "q" or "source" or "team" or "product" or "service" or "environment" or "state"),
        ("changed", $"First seen or changed: {IdentityFilterText.Times}"),
        ("place", "A path such as `acme/shop`; what lies in it too."),
    ];

    /// <summary>Reads a filter; keys that are none of a filter's are skipped (sort, cursor). All faults at once.</summary>
    public static Result<ResourceFilter> Parse(IEnumerable<KeyValuePair<string, string?>> query)
    {
        var faults = new List<FieldFault>();
        var filter = All;
        foreach (var (key, text) in FilterText.Read(query))
        {
            filter = key switch
            {
                "q" => filter with { Text = FilterText.Words(text, faults) },
                "kind" => filter with { Kinds = FilterText.Enumerated<ResourceKind>(key, text, faults) },
                "risk" => filter with { Risks = RisksOf(text, faults) },
                "state" => filter with { States = FilterText.Enumerated<Presence>(key, text, faults) },
                "source" => filter with { Sources = FilterText.Ids(key, text, faults) },
                "team" => filter with { Teams = FilterText.Words(key, text, faults) },
                "product" => filter with { Products = FilterText.Words(key, text, faults) },
                "service" => filter with { Services = FilterText.Words(key, text, faults) },
                "environment" => filter with { Environments = FilterText.Words(key, text, faults) },
                "changed" => filter with { Changed = FilterText.Time(key, text, faults) },
                "place" => filter with { Place = PlaceOf(text, faults) },
                _ => filter,
            };
        }

        return faults.Count > 0 ? new Error.Invalid(faults) : filter;
    }

    /// <summary>Reads "?kind=WorkflowFile&amp;q=release", with or without the question mark.</summary>
    public static Result<ResourceFilter> Parse(string queryString) => Parse(QueryText.Read(queryString));

    /// <summary>"kind=WorkflowFile&amp;q=release", escaped, without a question mark; empty for <see cref="All"/>.</summary>
    public string ToQueryString()
    {
        (string Key, string Value)[] all =
        [
            ("q", Text), ("kind", Kinds.ToString()), ("risk", Risks.ToString()), ("source", Sources.ToString()), ("team", Teams.ToString()),
            ("product", Products.ToString()), ("service", Services.ToString()), ("environment", Environments.ToString()), ("state", States.ToString()),
            ("changed", Changed.ToString()), ("place", Place),
        ];
        return QueryText.Write(all.Where(p => p.Value.Length > 0).Select(p => KeyValuePair.Create(p.Key, p.Value)));
    }

    private static Choice RisksOf(string text, List<FieldFault> faults)
    {
        static string? Read(string value) => value is AnyRisk or Choice.None ? value
            : Enum.TryParse<ReleaseRisk>(value, ignoreCase: true, out var risk) && Enum.IsDefined(risk) && risk != ReleaseRisk.None && !char.IsAsciiDigit(value[0])
                ? risk.ToString() : null;
        return FilterText.Each("risk", FilterText.Words("risk", text, faults), Read, $"any, none or one of {string.Join(", ", Enum.GetNames<ReleaseRisk>().Skip(1))}", faults);
    }

    private static string PlaceOf(string text, List<FieldFault> faults)
    {
        if (text.Length <= 400 && !text.Contains('\0', StringComparison.Ordinal))
        {
            return text;
        }

        faults.Add(new FieldFault("place", "Give a path of at most 400 characters."));
        return string.Empty;
    }
}

public enum ResourceOrder
{
    Name,
    Kind,
    Changed,
}

/// <summary>How the list is sorted. Text: "name", "-changed" (descending).</summary>
public readonly record struct ResourceSort(ResourceOrder By = ResourceOrder.Name, bool Descending = false)
{
    /// <summary>The default, by name, when the text is none.</summary>
    public static ResourceSort Parse(string? text) => SortText.Read<ResourceOrder>(text) is var (by, descending) ? new ResourceSort(by, descending) : default;

    public override string ToString() => SortText.Write(By, Descending);
}
