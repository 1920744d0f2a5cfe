using NhiGovernance.Inventory;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Web.Shell.Lists;

namespace NhiGovernance.Web.Inventory;

/// <summary>The fields of the identity list's filter, from the facets as counted. Pure.</summary>
public static class IdentityFields
{
    private static readonly (string Key, string Label)[] s_order =
    [
        ("kind", "Kind"), ("state", "State"), ("team", "Team"), ("source", "Source"), ("environment", "Environment"),
        ("product", "Product"), ("service", "Service"), ("provider", "Provider"),
    ];

    public static IReadOnlyList<FilterField> From(IdentityFacetsResult? facets) =>
    [
        Flag(facets, "alters", "Release", "Can alter one", "No grant seen"),
        .. s_order.Select(f => new FilterField(f.Key, f.Label, Options(facets, f.Key)) { AsFacet = f.Key is not ("provider" or "service") }),
        Flag(facets, "disabled", "Disabled", "Disabled", "Not disabled") with { AsFacet = false },
        Flag(facets, "privileged", "Privileged", "Privileged", "Not privileged") with { AsFacet = false },
        new("used", "Last used", [new("within:7d", "in 7 days"), new("within:30d", "in 30 days"), new("not-within:90d", "not in 90 days"), new("never", "never"), new("unknown", "unknown")], ThreeWay: false) { AsFacet = false },
        new("expires", "Expires", [new("past", "in the past"), new("within:7d", "in 7 days"), new("within:30d", "in 30 days"), new("never", "never"), new("unknown", "unknown")], ThreeWay: false) { AsFacet = false },
        new("seen", "First seen", [new("within:1d", "today"), new("within:7d", "in 7 days"), new("within:30d", "in 30 days")], ThreeWay: false) { AsFacet = false },
    ];

    /// <summary>"7", or "7+" where more match than were counted: then there are at least so many.</summary>
    public static string? Count(FacetValue value, bool complete) =>
        value.Count is { } count ? complete || count.IsMore ? count.ToString() : $"{count}+" : null;

    private static FilterField Flag(IdentityFacetsResult? facets, string key, string label, string yes, string no) => new(
        key, label, [new("true", yes, Count(facets, key, "true")), new("false", no, Count(facets, key, "false"))], ThreeWay: false);

    private static IReadOnlyList<FilterOption> Options(IdentityFacetsResult? facets, string key) =>
    [
        .. (facets?.Facets.FirstOrDefault(f => f.Key == key)?.Values ?? [])
            .Select(v => new FilterOption(v.Value, Label(key, v), Count(v, IsWhole(facets, key)))),
    ];

    private static string Label(string key, FacetValue value) => key switch
    {
        "kind" when Enum.TryParse<IdentityKind>(value.Value, out var kind) => InventoryWords.Of(kind),
        "provider" => InventoryWords.Provider(value.Value),
        "team" when value.Value == "none" => "No owner",
        _ => value.Label.Length == 0 || value.Label == "none" ? "None" : value.Label,
    };

    private static string? Count(IdentityFacetsResult? facets, string key, string value) =>
        facets?.Facets.FirstOrDefault(f => f.Key == key)?.Values.FirstOrDefault(v => v.Value == value) is { } found ? Count(found, IsWhole(facets, key)) : null;

    // What goes through places is counted in full, or not at all.
    private static bool IsWhole(IdentityFacetsResult? facets, string key) => facets is { Complete: true } || key is "product" or "service" or "environment";
}
