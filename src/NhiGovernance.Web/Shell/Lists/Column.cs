using Microsoft.AspNetCore.Components;

namespace NhiGovernance.Web.Shell.Lists;

/// <summary>A column of a <see cref="DataTable{TItem}"/>: <c>&lt;Column Title="Owner" Sort="team"&gt;@context.Team&lt;/Column&gt;</c>.</summary>
public sealed class Column<TItem> : ComponentBase
{
    [CascadingParameter] internal DataTable<TItem> Table { get; set; } = default!;

    [Parameter, EditorRequired] public string Title { get; set; } = "";

    /// <summary>The key of this column in the address, when it can be sorted by; "lastUsed", descending "-lastUsed".</summary>
    [Parameter] public string? Sort { get; set; }

    /// <summary>True when the first click sorts from the newest or largest.</summary>
    [Parameter] public bool DescendingFirst { get; set; }

    /// <summary>Numbers stand right.</summary>
    [Parameter] public bool Num { get; set; }

    /// <summary>CSS width of the column: "116px". One column has none and takes the rest.</summary>
    [Parameter] public string? Width { get; set; }

    /// <summary>True hides the title from sight, not from screen readers: columns of buttons.</summary>
    [Parameter] public bool Untitled { get; set; }

    /// <summary>False: hidden (the columns chooser).</summary>
    [Parameter] public bool Visible { get; set; } = true;

    /// <summary>A class for cells and head: "opt" leaves on a phone, "rel" on narrow screens.</summary>
    [Parameter] public string? Class { get; set; }

    [Parameter, EditorRequired] public RenderFragment<TItem> ChildContent { get; set; } = default!;

    protected override void OnInitialized() => Table.Add(this);
}
