using System.Globalization;
using NhiGovernance.Inventory;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Inventory;

/// <summary>What was seen of an identity, as entries of a time-line. Pure.</summary>
public static class TimelineItems
{
    public static IReadOnlyList<TimelineItem> From(IEnumerable<TimelineEntry> entries) =>
    [
        .. entries.Select(e => new TimelineItem(
            e.At, InventoryWords.Icon(e.Kind), InventoryWords.Sentence(e),
            e.RunNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $"run {number:N0}") : e.RunId is null ? WithoutARun(e) : null,
            Detail: InventoryWords.Change(e))),
    ];

    // Behind a changed mapping is a person too, who decided about places and not about this identity.
    private static string WithoutARun(TimelineEntry entry) => entry.Subject == InventoryChange.TeamByPlace ? "the mapping of places" : "a person";
}
