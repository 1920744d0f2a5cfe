using System.Globalization;
using NhiGovernance.Common;

namespace NhiGovernance.Web.Shell.Lists;

/// <summary>
/// The way through a list whose cursors only go forward. The address holds the cursor and the number of rows before it
/// (<c>from</c>), so a sent link shows the right range; the way back is remembered by the open page.
/// </summary>
public sealed class CursorTrail
{
    private readonly List<string?> _way = [null];

    /// <summary>Notes the page that is shown; a cursor that is not on the way starts a new way from the first page.</summary>
    public void Show(string? cursor)
    {
        cursor = string.IsNullOrEmpty(cursor) ? null : cursor;
        var at = _way.LastIndexOf(cursor);
        if (at >= 0)
        {
            _way.RemoveRange(at + 1, _way.Count - at - 1);
        }
        else
        {
            _way.Add(cursor);
        }
    }

    /// <summary>A new filter or sort: the way starts anew.</summary>
    public void Reset()
    {
        _way.Clear();
        _way.Add(null);
    }

    public bool IsFirst => _way.Count == 1;

    /// <summary>The cursor of the page before; null is the first page.</summary>
    public string? Previous => _way.Count > 1 ? _way[^2] : null;

    /// <summary>"51 to 100 of 128".</summary>
    public static string Range(int from, int shown, BoundedCount count) => shown == 0
        ? "None"
        : string.Create(CultureInfo.InvariantCulture, $"{from + 1:N0} to {from + shown:N0} of {count}");
}
