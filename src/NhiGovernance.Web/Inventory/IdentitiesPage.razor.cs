using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Lists;

namespace NhiGovernance.Web.Inventory;

/// <summary>The list of identities. Its whole state is its address: filter, sort, page, columns, the open row.</summary>
public sealed partial class IdentitiesPage
{
    private readonly CursorTrail _trail = new();
    private readonly HashSet<object> _selected = [];
    private IReadOnlyList<FilterField> _fields = IdentityFields.From(null);
    private IReadOnlySet<string> _columns = IdentityColumns.Default;
    private IReadOnlyList<LateSource> _late = [];
    private IdentityFilter _filter = IdentityFilter.All;
    private IdentitySort _sort;
    private InventorySummaryResult? _summary;
    private Page<IdentityRow>? _page;
    private string? _cursor;
    private Guid? _open;
    private int _from;
    private bool _stale;
    private bool _assigning;
    private bool _allMatching;

    [Inject] private ListIdentities ListIdentities { get; set; } = default!;

    [Inject] private IdentityFacets IdentityFacets { get; set; } = default!;

    [Inject] private InventorySummary InventorySummary { get; set; } = default!;

    [Inject] private GetFreshness GetFreshness { get; set; } = default!;

    [CascadingParameter] private Viewer Viewer { get; set; } = default!;

    private bool MayAssign => Viewer.May(Permission.AssignTeams);

    private int SelectedCount => _allMatching ? _page?.Count.Value ?? 0 : _selected.Count;

    private IdentitySelection Selection => _allMatching
        ? new IdentitySelection(null, _filter)
        : new IdentitySelection([.. _selected.Cast<Guid>()], null);

    private string ExportHref => "/api/v1/identities.csv" + new Uri(Navigation.With(("cols", ExportColumns.Of(_columns)), ("cursor", null), ("from", null), ("open", null))).Query;

    private string PreviousHref =>
        Navigation.With(("cursor", _trail.Previous), ("from", _trail.Previous is null ? null : Math.Max(0, _from - ListLimit).ToString(System.Globalization.CultureInfo.InvariantCulture)), ("open", null));

    private const int ListLimit = 50;

    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += Moved;
        ReadAddress();
        await LoadRowsAsync();
        await LoadAroundAsync();
    }

    protected override void Dispose(bool disposing)
    {
        Navigation.LocationChanged -= Moved;
        base.Dispose(disposing);
    }

    private string NextHref(Page<IdentityRow> page) => Navigation.With(
        ("cursor", page.Next), ("from", (_from + page.Items.Count).ToString(System.Globalization.CultureInfo.InvariantCulture)), ("open", null));

    /// <summary>Takes the address in; true when other rows are meant.</summary>
    private bool ReadAddress()
    {
        var before = (_filter, _sort, _cursor);
        var parsed = IdentityFilter.Parse(new Uri(Navigation.Uri).Query);
        _filter = parsed.IsOk ? parsed.Value : IdentityFilter.All;
        if (!parsed.IsOk)
        {
            Page.Toast(parsed.Error);
        }

        _sort = IdentitySort.Parse(Navigation.Query("sort"));
        _cursor = Navigation.Query("cursor");
        _from = int.TryParse(Navigation.Query("from"), out var from) && _cursor is not null ? Math.Max(0, from) : 0;
        _open = Guid.TryParse(Navigation.Query("open"), out var open) ? open : null;
        _columns = IdentityColumns.Read(Navigation.Query("cols"));
        if (before.Item1 != _filter || before.Item2 != _sort)
        {
            _trail.Reset();
            ClearSelection();
        }

        _trail.Show(_cursor);
        return before != (_filter, _sort, _cursor);
    }

    private void Moved(object? sender, LocationChangedEventArgs change)
    {
        if (new Uri(change.Location).AbsolutePath != "/identities")
        {
            return;
        }

        _ = InvokeAsync(async () =>
        {
            if (ReadAddress())
            {
                _stale = true;
                StateHasChanged();
                await LoadRowsAsync();
                await LoadFacetsAsync();
            }

            StateHasChanged();
        });
    }

    private async Task LoadRowsAsync()
    {
        var request = new ListIdentitiesRequest(_filter, _sort, _cursor, ListLimit);
        if (await LoadAsync(token => ListIdentities.RunAsync(request, token), page => _page = page))
        {
            _stale = false;
            Page.Say($"{_page!.Count} identities");
        }

        StateHasChanged();
    }

    private async Task LoadAroundAsync()
    {
        await LoadFacetsAsync();
        var summary = await InventorySummary.RunAsync(new InventorySummaryRequest(), Life);
        _summary = summary.IsOk ? summary.Value : null;
        var freshness = await GetFreshness.RunAsync(new GetFreshnessRequest(), Life);
        _late = freshness.IsOk ? freshness.Value.Late : [];
        StateHasChanged();
    }

    private async Task LoadFacetsAsync()
    {
        var filter = _filter;
        var facets = await IdentityFacets.RunAsync(new IdentityFacetsRequest(filter), Life);
        if (facets.IsOk && filter == _filter)
        {
            _fields = IdentityFields.From(facets.Value);
            StateHasChanged();
        }
    }

    private async Task RefreshAsync()
    {
        await LoadRowsAsync();
        await LoadAroundAsync();
    }

    private void OpenRow(IdentityRow row) => Navigation.Replace(("open", row.Id == _open ? null : row.Id.ToString()));

    private void ClosePanel() => Navigation.Replace(("open", null));

    private int IndexOf(Guid id) => _page?.Items.TakeWhile(r => r.Id != id).Count() ?? 0;

    private string? Position(Guid id) => _page is { } page && IndexOf(id) < page.Items.Count ? $"{_from + IndexOf(id) + 1} of {page.Count}" : null;

    private void Step(int by)
    {
        if (_open is { } open && _page is { Items.Count: > 0 } page)
        {
            var next = Math.Clamp(IndexOf(open) + by, 0, page.Items.Count - 1);
            Navigation.Replace(("open", page.Items[next].Id.ToString()));
        }
    }

    private void SelectionChanged() => _allMatching = false;

    private void SelectAll()
    {
        _allMatching = true;
        _selected.UnionWith(_page?.Items.Select(i => (object)i.Id) ?? []);
    }

    private void ClearSelection()
    {
        _selected.Clear();
        _allMatching = false;
    }

    private async Task AssignedAsync()
    {
        ClearSelection();
        await RefreshAsync();
    }
}
