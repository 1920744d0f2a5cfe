using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using NhiGovernance.Common;
using NhiGovernance.Inventory.Resources;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Lists;

namespace NhiGovernance.Web.Inventory.Resources;

/// <summary>The list of resources. Its whole state is its address: filter, sort, page, columns.</summary>
public sealed partial class ResourcesPage
{
    private IReadOnlyList<FilterField> _fields = ResourceFields.From(null, string.Empty);
    private IReadOnlySet<string> _columns = ResourceColumns.Default;
    private ResourceFilter _filter = ResourceFilter.All;
    private ResourceSort _sort;
    private Page<ResourceRow>? _page;
    private string? _cursor;
    private int _from;
    private bool _stale;

    [Inject] private ListResources ListResources { get; set; } = default!;

    [Inject] private ResourceFacets ResourceFacets { get; set; } = default!;

    [CascadingParameter] private Viewer Viewer { get; set; } = default!;

    /// <summary>The columns that stand here, also when the address leaves them to the default.</summary>
    private string ExportHref => "/api/v1/resources.csv" + new Uri(Navigation.With(("cols", ExportColumns.Of(_columns)), ("cursor", null), ("from", null))).Query;

    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += Moved;
        ReadAddress();
        await RefreshAsync();
    }

    protected override void Dispose(bool disposing)
    {
        Navigation.LocationChanged -= Moved;
        base.Dispose(disposing);
    }

    /// <summary>Takes the address in; true when other rows are meant.</summary>
    private bool ReadAddress()
    {
        var before = (_filter, _sort, _cursor);
        var parsed = ResourceFilter.Parse(new Uri(Navigation.Uri).Query);
        _filter = parsed.IsOk ? parsed.Value : ResourceFilter.All;
        if (!parsed.IsOk)
        {
            Page.Toast(parsed.Error);
        }

        _sort = ResourceSort.Parse(Navigation.Query("sort"));
        _cursor = Navigation.Query("cursor");
        _from = int.TryParse(Navigation.Query("from"), NumberStyles.None, CultureInfo.InvariantCulture, out var from) && _cursor is not null ? from : 0;
        _columns = ResourceColumns.Read(Navigation.Query("cols"));
        return before != (_filter, _sort, _cursor);
    }

    private void Moved(object? sender, LocationChangedEventArgs change)
    {
        if (new Uri(change.Location).AbsolutePath != "/resources")
        {
            return;
        }

        _ = InvokeAsync(async () =>
        {
            if (ReadAddress())
            {
                _stale = true;
                StateHasChanged();
                await RefreshAsync();
            }

            StateHasChanged();
        });
    }

    private async Task RefreshAsync()
    {
        await LoadRowsAsync();
        var filter = _filter;
        var facets = await ResourceFacets.RunAsync(new ResourceFacetsRequest(filter), Life);
        if (facets.IsOk && filter == _filter)
        {
            _fields = ResourceFields.From(facets.Value, filter.Place);
            StateHasChanged();
        }
    }

    private async Task LoadRowsAsync()
    {
        var request = new ListResourcesRequest(_filter, _sort, _cursor);
        if (await LoadAsync(token => ListResources.RunAsync(request, token), page => _page = page))
        {
            _stale = false;
            Page.Say($"{_page!.Count} resources");
        }

        StateHasChanged();
    }
}
