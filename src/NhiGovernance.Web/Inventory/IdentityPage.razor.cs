using System.Globalization;
using Microsoft.AspNetCore.Components;
using NhiGovernance.Inventory;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Inventory;

/// <summary>One identity: what it is, what it holds, what it may do, who answers, how well each of it is known.</summary>
public sealed partial class IdentityPage
{
    private IdentityDetail? _detail;
    private IReadOnlyList<TimelineItem> _latest = [];
    private Guid? _shown;
    private bool _assigning;

    [Inject] private GetIdentity GetIdentity { get; set; } = default!;

    [Inject] private IdentityTimeline IdentityTimeline { get; set; } = default!;

    [CascadingParameter] private Viewer Viewer { get; set; } = default!;

    [Parameter] public Guid Id { get; set; }

    [SupplyParameterFromQuery] public string? Tab { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Id)
        {
            (_shown, _detail) = (Id, null);
            await ReloadAsync();
        }
    }

    private async Task ReloadAsync()
    {
        if (await LoadAsync(token => GetIdentity.RunAsync(new GetIdentityRequest(Id), token), detail => _detail = detail))
        {
            var latest = await IdentityTimeline.RunAsync(new IdentityTimelineRequest(Id, Limit: 8), Life);
            _latest = latest.IsOk ? TimelineItems.From(latest.Value.Items) : [];
        }
    }

    private IReadOnlyList<TabLink> Tabs(IdentityDetail detail) =>
    [
        Link("Summary", null, null),
        Link("Credentials", "credentials", detail.CredentialsCount.ToString()),
        Link("Grants", "grants", InventoryWords.Grants(detail.Grants)),
        Link("Resources", "resources", null),
        Link("Time-line", "timeline", null),
        Link("Observations", "observations", detail.Facts.Count.ToString("N0", CultureInfo.InvariantCulture)),
    ];

    private TabLink Link(string title, string? tab, string? count) => new(
        title, Navigation.With(("tab", tab)), Tab == tab || (tab is null && Tab is not ("credentials" or "grants" or "resources" or "timeline" or "observations")), count);

    /// <summary>How many of its grants can alter a release, in the strip.</summary>
    private static string Altering(IdentityDetail detail) => detail.Grants.Count(g => g.AltersRelease) switch
    {
        0 => detail.Row.AltersRelease ? "Yes" : "No grant seen",
        var n => $"{InventoryWords.Grants(detail.Grants, n)} {(n == 1 ? "grant" : "grants")}",
    };

    private static string Completeness(IdentityDetail detail) => detail.Scope?.LastOutcome switch
    {
        ScopeOutcome.Complete or ScopeOutcome.Unchanged => "in a complete read",
        ScopeOutcome.Denied => "before the list was denied",
        ScopeOutcome.Failed => "before the last read broke off",
        _ => "",
    };

    private static string OwnerBy(IdentityDetail detail) => detail switch
    {
        { Row.Team: null } => "nobody answers for it yet",
        { TeamIsAssigned: true } => $"assigned by a person{(detail.TeamContact is null ? null : $", {detail.TeamContact}")}",
        { Place.ServiceName: { } service } => $"as the team of {service}{(detail.TeamContact is null ? null : $", {detail.TeamContact}")}",
        _ => "by the mapping of its place",
    };
}
