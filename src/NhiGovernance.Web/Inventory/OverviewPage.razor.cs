using System.Globalization;
using Microsoft.AspNetCore.Components;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Lists;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Inventory;

/// <summary>The answer in a sentence, then the figures, then what to look at first.</summary>
public sealed partial class OverviewPage
{
    private InventorySummaryResult? _summary;
    private FreshnessSummary? _freshness;
    private IReadOnlyList<SourceRow>? _sources;
    private BoundedCount _sourceCount;
    private IReadOnlyList<RecentChange> _changes = [];
    private IReadOnlyList<FilterField> _fields = [];
    private IdentityFilter _within = IdentityFilter.All;
    private bool _asked;
    private BoundedCount? _ownerless;

    [Inject] private InventorySummary InventorySummary { get; set; } = default!;

    [Inject] private IdentityFacets IdentityFacets { get; set; } = default!;

    [Inject] private ListIdentities ListIdentities { get; set; } = default!;

    [Inject] private RecentChanges RecentChanges { get; set; } = default!;

    [Inject] private GetFreshness GetFreshness { get; set; } = default!;

    [Inject] private ListSources ListSources { get; set; } = default!;

    [CascadingParameter] private Viewer Viewer { get; set; } = default!;

    [SupplyParameterFromQuery] public string? Team { get; set; }

    [SupplyParameterFromQuery] public string? Product { get; set; }

    [SupplyParameterFromQuery] public string? Environment { get; set; }

    /// <summary>Nothing but the product's own is there: the page leads to the first source.</summary>
    private bool IsFirstRun => _sources is not null ? _sources.All(s => s.IsOwn) : _freshness is { Total: 0 };

    private IReadOnlyList<(string Text, IdentityFilter? Filter)> Answer => OverviewWords.Answer(_summary!, _ownerless, _freshness, Ownerless);

    /// <summary>What can alter a release and has no owner, within the filter; of one team alone that is nothing.</summary>
    private IdentityFilter Ownerless => _within with { AltersRelease = true, Teams = Choice.Of(Choice.None) };

    private string ScopeWords => _summary!.Scopes is var s && s.Of - s.Known is > 0 and var holes
        ? string.Create(CultureInfo.InvariantCulture, $"{holes:N0} of {s.Of:N0} lists in part")
        : _summary.Scopes.Unsure is > 0 and var unsure ? string.Create(CultureInfo.InvariantCulture, $"{s.Of:N0} lists, {unsure:N0} beside them not read")
        : string.Create(CultureInfo.InvariantCulture, $"all {s.Of:N0} lists");

    protected override async Task OnParametersSetAsync()
    {
        var parsed = IdentityFilter.Parse([new("team", Team), new("product", Product), new("environment", Environment)]);
        var within = parsed.IsOk ? parsed.Value : IdentityFilter.All;
        if (!_asked || within != _within)
        {
            (_asked, _within) = (true, within);
            await RefreshAsync();
        }
    }

    private async Task RefreshAsync()
    {
        // The sources first: they say whether this is the first run.
        var sources = Viewer.May(Permission.ReadSources) ? await ListSources.RunAsync(new ListSourcesRequest(Limit: 500), Life) : (Result<Page<SourceRow>>?)null;
        (_sources, _sourceCount) = sources is { IsOk: true } ? (sources.Value.Value.Items, sources.Value.Value.Count) : (null, default);
        var freshness = await GetFreshness.RunAsync(new GetFreshnessRequest(), Life);
        _freshness = freshness.IsOk ? freshness.Value : null;
        var counted = await ListIdentities.RunAsync(new ListIdentitiesRequest(Ownerless, Limit: 1), Life);
        _ownerless = !counted.IsOk ? null : _within.Teams.Admits(Choice.None) ? counted.Value.Count : new BoundedCount(0);
        var changes = await RecentChanges.RunAsync(new RecentChangesRequest(8, Within: _within), Life);
        _changes = changes.IsOk ? changes.Value : [];
        var within = _within;
        await LoadAsync(token => InventorySummary.RunAsync(new InventorySummaryRequest(within), token), summary => _summary = summary);
        var facets = await IdentityFacets.RunAsync(new IdentityFacetsRequest(within), Life);
        if (facets.IsOk && within == _within)
        {
            _fields = [.. IdentityFields.From(facets.Value).Where(f => f.Key is "team" or "product" or "environment")];
        }
    }

    private CoverageFigure Coverage(string key) => _summary!.Coverage.First(c => c.Key == key);

    private static string Width(CoverageFigure figure) => Share(figure.Known, figure.AtMost);

    private static string Share(long part, long whole) =>
        string.Create(CultureInfo.InvariantCulture, $"width:{(whole == 0 ? 0 : 100d * part / whole):0.##}%");

    private static string KindWords(string key) => Enum.TryParse<IdentityKind>(key, out var kind) ? InventoryWords.Of(kind) : key;

    private static string StateWords(string key) => Enum.TryParse<Presence>(key, out var presence)
        ? Marks.Of(InventoryWords.Mark(presence, disabled: false)).Word
        : key;

    private static string Lower(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
