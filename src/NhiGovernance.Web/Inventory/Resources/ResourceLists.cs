using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Resources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Web.Shell.Lists;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Inventory.Resources;

/// <summary>The columns that can be left out or added; the name is always there. Pure.</summary>
public static class ResourceColumns
{
    public static readonly IReadOnlyList<KeyValuePair<string, string>> Optional =
    [
        new("kind", "Kind"), new("risk", "Risk for a release"), new("state", "State"), new("owner", "Owner"), new("service", "Service"), new("product", "Product"),
        new("environment", "Environment"), new("source", "Source"), new("changed", "Last change"), new("seen", "First seen"),
    ];

    public static readonly IReadOnlySet<string> Default = new HashSet<string> { "risk", "state", "owner", "changed" };

    public static IReadOnlySet<string> Read(string? text) => ColumnChoice.Read(text, Optional, Default);
}

/// <summary>The fields of the resource list's filter, from the facets as counted. Pure.</summary>
public static class ResourceFields
{
    private static readonly (string Key, string Label)[] s_order =
    [
        ("risk", "Risk for a release"), ("kind", "Kind"), ("state", "State"), ("team", "Team"), ("source", "Source"), ("environment", "Environment"),
        ("product", "Product"), ("service", "Service"),
    ];

    public static IReadOnlyList<FilterField> From(ResourceFacetsResult? facets, string place) =>
    [
        .. s_order.Select(f => new FilterField(f.Key, f.Label, [.. (facets?.Facets.FirstOrDefault(x => x.Key == f.Key)?.Values ?? [])
            .Select(v => new FilterOption(v.Value, Label(f.Key, v), IdentityFields.Count(v, facets is { Complete: true } || f.Key is "risk" or "product" or "service" or "environment")))]) { AsFacet = f.Key != "service" }),
        new("changed", "Last change", [new("within:1d", "today"), new("within:7d", "in 7 days"), new("within:30d", "in 30 days")], ThreeWay: false) { AsFacet = false },
        new("place", "Place", place.Length == 0 ? [] : [new FilterOption(place, place)], ThreeWay: false) { AsFacet = false },
    ];

    private static string Label(string key, FacetValue value) => key switch
    {
        "kind" when Enum.TryParse<ResourceKind>(value.Value, out var kind) => ResourceWords.Of(kind),
        "risk" when Enum.TryParse<ReleaseRisk>(value.Value, out var risk) => ResourceWords.Of(risk),
        "state" when value.Value == nameof(Presence.NotCovered) => "Not covered",
        "team" when value.Value == Choice.None => "No owner",
        _ => value.Label.Length == 0 || value.Label == Choice.None ? "None" : value.Label,
    };
}

/// <summary>The saved views that everybody has. Pure.</summary>
public static class ResourceViews
{
    private static readonly (string Title, ResourceFilter Filter)[] s_all =
    [
        ("All", ResourceFilter.All),
        ("Risky for a release", new() { Risks = Choice.Of(ResourceFilter.AnyRisk) }),
        ("Repositories", Kind(ResourceKind.Repository)),
        ("Workflows", Kind(ResourceKind.WorkflowFile)),
        ("Branch protection", Kind(ResourceKind.BranchProtection)),
        ("Environments", Kind(ResourceKind.Environment)),
        ("Leaked secrets", new() { Risks = Choice.Of(nameof(ReleaseRisk.OpenAlert)) }),
    ];

    public static IReadOnlyList<TabLink> Tabs(ResourceFilter current) => [.. s_all.Select(v => new TabLink(v.Title, Href(v.Filter), v.Filter == current))];

    public static string Href(ResourceFilter filter) => filter.IsAll ? "/resources" : $"/resources?{filter.ToQueryString()}";

    private static ResourceFilter Kind(ResourceKind kind) => new() { Kinds = Choice.Of(kind.ToString()) };
}
