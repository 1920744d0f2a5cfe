using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using NhiGovernance.Access;
using NhiGovernance.Access.Views;

namespace NhiGovernance.Web.Shell.Frame;

/// <summary>The frame around every page: navigation, top bar, error boundary, palette, toasts.</summary>
public sealed partial class MainLayout : IDisposable
{
    private Viewer? _viewer;
    private IReadOnlyDictionary<string, string> _defaults = new Dictionary<string, string>();
    private string? _refused;
    private PageBoundary? _boundary;

    [Inject] private DescribeMyself DescribeMyself { get; set; } = default!;

    [Inject] private ListViews ListViews { get; set; } = default!;

    [Inject] private ShellState Shell { get; set; } = default!;

    [Inject] private ViewerTime Time { get; set; } = default!;

    [Inject] private IJSRuntime Script { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        Shell.Changed += Redraw;
        await LoadAsync();
    }

    /// <summary>A navigation brings a new body: a page that failed must not keep the next one hidden.</summary>
    protected override void OnParametersSet() => _boundary?.Recover();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            try
            {
                var seen = await Script.InvokeAsync<BrowserTime>("nhi.start");
                Time.Set(seen.Zone, seen.Utc);
            }
            catch (JSDisconnectedException)
            {
                // The person left before the page was up.
            }
        }
    }

    public void Dispose() => Shell.Changed -= Redraw;

    private async Task LoadAsync()
    {
        var me = await DescribeMyself.RunAsync(new DescribeMyselfRequest());
        _viewer = me.IsOk ? new Viewer(me.Value) : null;
        _refused = me.Error?.Message;
        if (me.IsOk)
        {
            await LoadDefaultsAsync();
        }
    }

    private async Task LoadDefaultsAsync()
    {
        var views = await ListViews.RunAsync(new ListViewsRequest(null));
        _defaults = views.IsOk ? views.Value.ToDictionary(v => v.Page, v => v.Href, StringComparer.Ordinal) : _defaults;
    }

    private void Redraw() => _ = InvokeAsync(StateHasChanged);

    private sealed record BrowserTime(string? Zone, bool Utc);
}
