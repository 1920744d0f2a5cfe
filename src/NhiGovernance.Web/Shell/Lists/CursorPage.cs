using System.Globalization;
using Microsoft.AspNetCore.Components;
using NhiGovernance.Common;

namespace NhiGovernance.Web.Shell.Lists;

/// <summary>
/// A page that is one list: words under <c>q</c>, the page of rows under <c>cursor</c> and <c>from</c>, further filters read from
/// the address by the page. Every change of the address loads anew.
/// </summary>
public abstract class CursorPage<TRow> : PageBase
{
    private readonly CursorTrail _trail = new();
    private string? _shown;
    private string? _said;

    [SupplyParameterFromQuery(Name = "q")] public string? Words { get; set; }

    [SupplyParameterFromQuery(Name = "cursor")] public string? Cursor { get; set; }

    [SupplyParameterFromQuery(Name = "from")] public int? From { get; set; }

    [CascadingParameter] protected Viewer Viewer { get; set; } = default!;

    protected Page<TRow>? Rows { get; private set; }

    /// <summary>True while rows of an older address are shown.</summary>
    protected bool Stale { get; private set; }

    /// <summary>Rows of a page.</summary>
    protected virtual int Size => 50;

    /// <summary>"teams": what is listed, for the sentence that screen readers hear.</summary>
    protected abstract string Noun { get; }

    protected bool IsEmpty => Rows is { Items.Count: 0 };

    protected string RangeText => Rows is null ? "" : CursorTrail.Range(From ?? 0, Rows.Items.Count, Rows.Count);

    protected string? NextHref => Rows?.Next is { } next
        ? Navigation.With(("cursor", next), ("from", Text((From ?? 0) + Rows.Items.Count)))
        : null;

    protected string? PreviousHref => _trail.IsFirst
        ? null
        : Navigation.With(("cursor", _trail.Previous), ("from", _trail.Previous is null ? null : Text(Math.Max(0, (From ?? 0) - Size))));

    protected abstract Task<Result<Page<TRow>>> ReadAsync(CancellationToken cancellationToken);

    protected override async Task OnParametersSetAsync()
    {
        var address = Navigation.Uri;
        if (address == _shown)
        {
            return;
        }

        _shown = address;
        _trail.Show(Cursor);
        await ReloadAsync();
    }

    protected async Task ReloadAsync()
    {
        var (before, address) = (Rows?.Count.ToString(), _shown);
        Stale = Rows is not null && address != _said;
        if (await LoadAsync(ReadAsync, page => Rows = page) && Rows is not null)
        {
            // A signal that changed no number is no news, and must not talk over what is.
            Stale = false;
            if (address != _said || before != Rows.Count.ToString())
            {
                _said = address;
                Page.Say($"{Rows.Count} {Noun}");
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
