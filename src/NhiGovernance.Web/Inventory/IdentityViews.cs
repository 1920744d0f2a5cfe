using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Inventory;

/// <summary>The saved views of the identity list: a title and a filter each; the tab whose filter is asked for is current. Pure.</summary>
public static class IdentityViews
{
    private static readonly (string Title, IdentityFilter Filter, Func<InventorySummaryResult, Figure?> Count)[] s_all =
    [
        ("All", IdentityFilter.All, s => s.Total),
        ("Can alter a release", new() { AltersRelease = true }, s => s.AltersRelease),
        ("No owner", new() { Teams = Choice.Of(Choice.None) }, s => s.WithoutTeam),
        ("Expiring", new() { Expires = new(TimeTest.Within, Days: 30) }, s => s.ExpiringIn30Days),
        ("Missing", new() { States = Choice.Of(nameof(Presence.Missing)) }, s => s.States.FirstOrDefault(f => f.Key == nameof(Presence.Missing))),
        ("Seen first this week", new() { FirstSeen = new(TimeTest.Within, Days: 7) }, s => s.FirstSeenIn7Days),
        ("NhiGovernance itself", new() { Kinds = Choice.Of(nameof(IdentityKind.Own)) }, s => s.Kinds.FirstOrDefault(f => f.Key == nameof(IdentityKind.Own))),
    ];

    public static IReadOnlyList<TabLink> Tabs(IdentityFilter current, InventorySummaryResult? summary) =>
        [.. s_all.Select(v => new TabLink(v.Title, Href(v.Filter), v.Filter == current, summary is null ? null : v.Count(summary)?.Count.ToString() ?? "0"))];

    public static string Href(IdentityFilter filter) => filter.IsAll ? "/identities" : $"/identities?{filter.ToQueryString()}";
}
