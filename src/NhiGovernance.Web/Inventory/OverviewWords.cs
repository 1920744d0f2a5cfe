using System.Globalization;
using NhiGovernance.Common;
using NhiGovernance.Inventory;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Web.Inventory;

/// <summary>The sentence that answers the overview's question, from its figures. Pure.</summary>
public static class OverviewWords
{
    public static string Answer(InventorySummaryResult summary, BoundedCount? ownerless, FreshnessSummary? freshness)
    {
        var parts = new List<string>();
        if (summary.Total.Count.Value == 0)
        {
            return "No identity was seen yet: the sources are there, and none of them was read to its end.";
        }

        parts.Add(ownerless switch
        {
            null => $"{summary.WithoutTeam.Count} identities have no owner.",
            { Value: 0 } => "Each of them has a team that answers.",
            { Value: 1 } => "One of them has no team that answers.",
            { } some => $"{some} of them have no team that answers.",
        });
        if (summary.Expired.Count.Value > 0)
        {
            parts.Add($"{Count(summary.Expired.Count, "identity is past its end", "identities are past their end")} and still listed.");
        }

        if (summary.ExpiringIn30Days.Count.Value > 0)
        {
            parts.Add($"{Count(summary.ExpiringIn30Days.Count, "expires", "expire")} within 30 days.");
        }

        if (freshness is { Late.Count: > 0 } late)
        {
            var several = late.Late.Count.ToString(CultureInfo.InvariantCulture);
            parts.Add((late.Late.Count, late.Late.All(l => l.InPartAt is not null)) switch
            {
                (1, true) => $"{late.Late[0].Name} was read in part, so there may be more.",
                (1, _) => $"{late.Late[0].Name} is late, so this may be old news.",
                (_, true) => $"{several} sources were read in part, so there may be more.",
                _ => $"{several} sources are late or were read in part, so this may be old news.",
            });
        }

        return string.Join(' ', parts);
    }

    private static string Count(BoundedCount count, string one, string many) => count.Value == 1 ? $"One {one}" : $"{count} {many}";
}
