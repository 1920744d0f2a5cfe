using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace NhiGovernance.Web.Shell.Frame;

public sealed partial class Palette : IDisposable
{
    private readonly CancellationTokenSource _life = new();
    private CancellationTokenSource? _search;
    private List<PaletteGroup> _groups = [];
    private IReadOnlyList<PaletteHit> _recent = [];
    private string _text = "";
    private ElementReference _field;
    private string _shown = "";
    private bool _open;

    [Inject] private IEnumerable<IPaletteSource> Sources { get; set; } = default!;

    [Inject] private IJSRuntime Script { get; set; } = default!;

    [CascadingParameter] private Viewer Viewer { get; set; } = default!;

    public void Dispose()
    {
        _life.Cancel();
        _life.Dispose();
    }

    /// <summary>The hits changed: the browser marks the first one as what Enter takes.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var now = _open ? string.Join(' ', _groups.SelectMany(g => g.Hits.Select(h => g.Title + h.Href))) : "";
        if (now != _shown)
        {
            _shown = now;
            if (_open)
            {
                await Script.InvokeVoidAsync("nhi.hits", _field);
            }
        }
    }

    private string Id(PaletteGroup group, PaletteHit hit) =>
        $"hit-{_groups.IndexOf(group)}-{group.Hits.TakeWhile(h => !ReferenceEquals(h, hit)).Count()}";

    private async Task OpenAsync()
    {
        (_open, _text) = (true, "");
        _recent = [.. (await Script.InvokeAsync<Visit[]>("nhi.recent")).Select(v => new PaletteHit(v.Title, v.Href, "clock"))];
        _groups = Local();
    }

    private async Task SearchAsync()
    {
        _search?.Cancel();
        var search = _search = CancellationTokenSource.CreateLinkedTokenSource(_life.Token);
        var groups = Local();
        _groups = groups;
        if (_text.Trim().Length < 2)
        {
            return;
        }

        try
        {
            // One after another: each is a short query, and a circuit has one thread of work at a time.
            foreach (var source in Sources.OrderBy(s => s.Order))
            {
                var hits = await source.FindAsync(_text.Trim(), search.Token);
                if (search.IsCancellationRequested)
                {
                    return;
                }

                if (hits.Count > 0)
                {
                    groups.Add(new PaletteGroup(source.Group, hits));
                    StateHasChanged();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // A newer search took over.
        }
    }

    private List<PaletteGroup> Local()
    {
        var groups = new List<PaletteGroup>();
        Add(groups, "Recent", _recent.Where(Matches).Take(_text.Length == 0 ? 6 : 3));
        Add(groups, "Pages", NavItem.All.Where(i => Viewer.May(i.Permission))
            .Select(i => new PaletteHit(i.Title, i.Route, i.Declared.Icon, null, i.Declared.Go == '\0' ? null : $"g {i.Declared.Go}"))
            .Where(Matches));
        return groups;
    }

    private bool Matches(PaletteHit hit) => hit.Title.Contains(_text.Trim(), StringComparison.OrdinalIgnoreCase);

    private static void Add(List<PaletteGroup> groups, string title, IEnumerable<PaletteHit> hits)
    {
        var list = hits.ToList();
        if (list.Count > 0)
        {
            groups.Add(new PaletteGroup(title, list));
        }
    }

    private sealed record PaletteGroup(string Title, IReadOnlyList<PaletteHit> Hits);

    private sealed record Visit(string Title, string Href);
}
