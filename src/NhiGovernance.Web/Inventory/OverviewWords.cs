using System.Globalization;
using NhiGovernance.Common;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Web.Inventory;

/// <summary>The sentence that answers the overview's question, from its figures; each number leads to its rows. Pure.</summary>
public static class OverviewWords
{
    /// <summary>What can alter a release and has no owner.</summary>
    public static IdentityFilter Ownerless { get; } = new() { AltersRelease = true, Teams = Choice.Of(Choice.None) };

    /// <summary>The sentence in parts: text, or a number with the filter that lists it.</summary>
    public static IReadOnlyList<(string Text, IdentityFilter? Filter)> Answer(
        InventorySummaryResult summary, BoundedCount? ownerless, FreshnessSummary? freshness, IdentityFilter? ownerlessRows = null)
    {
        if (summary.Total.Count.Value == 0)
        {
            return [(summary.Total.Filter.IsAll ? "No identity was seen yet." : "No identity matches these filters.", null), (summary.Scopes switch
            {
                { AtMost: 0 } => " No list was read that would hold any.",
                { Share: < 1 } => " Not every list that would hold some was read to its end.",
                _ => string.Empty,
            }, null)];
        }

        var parts = new List<(string, IdentityFilter?)>();
        switch (ownerless)
        {
            case null:
                Add(parts, summary.WithoutTeam.Count, summary.WithoutTeam.Filter, " identity has no owner.", " identities have no owner.");
                break;
            case { Value: 0 } when summary.AltersRelease.Count.Value > 0:
                parts.Add(("Each of them has an owner.", null));
                break;
            case { Value: 0 }:
                parts.Add(("No grant that alters a release was seen.", null));
                break;
            case { } some:
                Add(parts, some, ownerlessRows ?? Ownerless, " of them has no owner.", " of them have no owner.");
                break;
        }

        if (summary.Expired.Count.Value > 0)
        {
            Add(parts, summary.Expired.Count, summary.Expired.Filter, " identity has expired and is still listed.", " identities have expired and are still listed.");
        }

        if (summary.ExpiringIn30Days.Count.Value > 0)
        {
            Add(parts, summary.ExpiringIn30Days.Count, summary.ExpiringIn30Days.Filter, " expires within 30 days.", " expire within 30 days.");
        }

        if (freshness is { Late.Count: > 0 } late)
        {
            parts.Add((" " + Late(late), null));
        }

        return parts;
    }

    /// <summary>"; 3 unread lists beside them may hold some too", or nothing.</summary>
    public static string? Unsure(CoverageFigure lists) => lists.Unsure switch
    {
        0 => null,
        1 => "; 1 list beside them was not read and may hold some too",
        var several => string.Create(CultureInfo.InvariantCulture, $"; {several:N0} lists beside them were not read and may hold some too"),
    };

    private static void Add(List<(string, IdentityFilter?)> parts, BoundedCount count, IdentityFilter filter, string one, string many)
    {
        if (parts.Count > 0)
        {
            parts.Add((" ", null));
        }

        parts.Add((count.ToString(), filter));
        parts.Add((count.Value == 1 ? one : many, null));
    }

    private static string Late(FreshnessSummary freshness)
    {
        // The late ones that are named are the first of them.
        var count = Math.Max(freshness.Late.Count, freshness.Total - freshness.Fresh);
        var several = count.ToString("N0", CultureInfo.InvariantCulture);
        return (count, freshness.Late.All(l => l.InPartAt is not null)) switch
        {
            (1, true) => $"{freshness.Late[0].Name} was read in part, so there may be more.",
            (1, _) => $"{freshness.Late[0].Name} is late, so this may be old news.",
            (_, true) => $"{several} sources were read in part, so there may be more.",
            _ => $"{several} sources are late or were read in part, so this may be old news.",
        };
    }
}
