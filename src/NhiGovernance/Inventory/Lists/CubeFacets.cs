using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Lists;

/// <summary>How cells name their team and provider.</summary>
internal sealed record CubeKeys(IReadOnlyDictionary<Guid, string> Teams, IReadOnlyDictionary<Guid, string> Connectors);

/// <summary>A facet that the cube can count.</summary>
internal sealed record CubeFacet(string Key, Func<CubeCell, CubeKeys, string> ValueOf, Func<IdentityFilter, Choice> Chosen);

/// <summary>Pure: cells and a filter in, counts out.</summary>
internal static class CubeFacets
{
    public static readonly IReadOnlyList<CubeFacet> All =
    [
        new("kind", (c, _) => c.Kind.ToString(), f => f.Kinds),
        new("state", (c, _) => c.Presence.ToString(), f => States(f.States)),
        new("team", (c, k) => c.TeamId is { } id ? k.Teams.GetValueOrDefault(id, Choice.None) : Choice.None, f => f.Teams),
        new("source", (c, _) => c.SourceId.ToString(), f => f.Sources),
        new("provider", (c, k) => k.Connectors.GetValueOrDefault(c.SourceId, Choice.None), f => f.Providers),
        new("alters", (c, _) => Text(c.AltersRelease), f => Flag(f.AltersRelease)),
        new("privileged", (c, _) => Text(c.Privileged), f => Flag(f.Privileged)),
        new("disabled", (c, _) => Text(c.Disabled), f => Flag(f.Disabled)),
    ];

    /// <summary>The parts of a filter that only rows can answer; everything that a cell answers is lifted, retired ones included.</summary>
    public static IdentityFilter Without(IdentityFilter filter) => filter with
    {
        Kinds = Choice.Any,
        States = Choice.Of(Enum.GetNames<Presence>()),
        Teams = Choice.Any,
        Sources = Choice.Any,
        Providers = Choice.Any,
        AltersRelease = null,
        Privileged = null,
        Disabled = null,
    };

    /// <summary>The values of one facet with their counts under all the other facets' choices.</summary>
    public static IEnumerable<(string Value, long Count)> Count(IEnumerable<CubeCell> cells, CubeFacet facet, IdentityFilter filter, CubeKeys keys)
    {
        var others = All.Where(f => f != facet).Select(f => (f.ValueOf, Chosen: f.Chosen(filter))).Where(f => !f.Chosen.IsAny).ToArray();
        return cells.Where(c => others.All(o => o.Chosen.Admits(o.ValueOf(c, keys))))
            .GroupBy(c => facet.ValueOf(c, keys), StringComparer.Ordinal)
            .Select(g => (g.Key, g.Sum(c => c.Count)));
    }

    // Retired ones are listed only when they are asked for.
    private static Choice States(Choice states) =>
        states.Only.Count > 0 ? states : states.With(nameof(Presence.Retired), false);

    private static Choice Flag(bool? value) => value is { } v ? Choice.Of(Text(v)) : Choice.Any;

    private static string Text(bool value) => value ? "true" : "false";
}
