using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace NhiGovernance.Web.Shell.Lists;

public sealed partial class DataTable<TItem>
{
    private readonly List<Column<TItem>> _columns = [];
    private ElementReference _head;
    private bool _mixed;

    [Inject] private IJSRuntime Script { get; set; } = default!;

    /// <summary>What the table lists; its name for screen readers.</summary>
    [Parameter, EditorRequired] public string Label { get; set; } = "";

    [Parameter, EditorRequired] public IReadOnlyList<TItem> Items { get; set; } = [];

    [Parameter, EditorRequired] public Func<TItem, object> Key { get; set; } = default!;

    /// <summary>A row's name, for the labels of its tick.</summary>
    [Parameter] public Func<TItem, string> Name { get; set; } = static item => item?.ToString() ?? "";

    /// <summary>The columns.</summary>
    [Parameter] public RenderFragment? ChildContent { get; set; }

    /// <summary>The row below 720: one <c>a.name</c>, a state, and <c>span.l2</c>.</summary>
    [Parameter] public RenderFragment<TItem>? Card { get; set; }

    /// <summary>What can be done with the row below 720: what the table has in its last column.</summary>
    [Parameter] public RenderFragment<TItem>? CardActions { get; set; }

    /// <summary>The sort that stands in the address under <c>sort</c>; the default one when it is not there.</summary>
    [Parameter] public string? Sort { get; set; }

    /// <summary>The keys of ticked rows; null for tables without ticks. The table changes the set, then calls back.</summary>
    [Parameter] public ISet<object>? Selected { get; set; }

    [Parameter] public EventCallback SelectedChanged { get; set; }

    /// <summary>A click on a row beside its links, or j and k while the panel is open.</summary>
    [Parameter] public EventCallback<TItem> OnOpen { get; set; }

    /// <summary>The key of the row whose panel is open.</summary>
    [Parameter] public object? Open { get; set; }

    /// <summary>True while newer rows are on their way.</summary>
    [Parameter] public bool Stale { get; set; }

    /// <summary>Column widths as given (default); false lets the content decide.</summary>
    [Parameter] public bool Fixed { get; set; } = true;

    private IReadOnlyList<Column<TItem>> Columns => _columns.FindAll(c => c.Visible);

    private bool AllSelected => Selected is not null && Items.Count > 0 && Items.All(i => Selected.Contains(Key(i)));

    internal void Add(Column<TItem> column) => _columns.Add(column);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var mixed = Selected is not null && !AllSelected && Items.Any(i => Selected.Contains(Key(i)));
        if (mixed != _mixed)
        {
            _mixed = mixed;
            await Script.InvokeVoidAsync("nhi.mixed", _head, mixed);
        }
    }

    private string? AriaSort(Column<TItem> column) => column.Sort is null ? null
        : Sort == column.Sort ? "ascending" : Sort == "-" + column.Sort ? "descending" : null;

    private string SortHref(Column<TItem> column)
    {
        var next = AriaSort(column) switch
        {
            "ascending" => "-" + column.Sort,
            "descending" => column.Sort,
            _ => (column.DescendingFirst ? "-" : "") + column.Sort,
        };
        return Navigation.With(("sort", next), ("cursor", null));
    }

    private Task ToggleAsync(object key)
    {
        if (!Selected!.Remove(key))
        {
            Selected.Add(key);
        }

        return SelectedChanged.InvokeAsync();
    }

    private Task SelectPageAsync()
    {
        var all = AllSelected;
        foreach (var item in Items)
        {
            if (all)
            {
                Selected!.Remove(Key(item));
            }
            else
            {
                Selected!.Add(Key(item));
            }
        }

        return SelectedChanged.InvokeAsync();
    }
}
