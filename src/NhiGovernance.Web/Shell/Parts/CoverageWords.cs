using System.Globalization;
using NhiGovernance.Inventory;

namespace NhiGovernance.Web.Shell.Parts;

/// <summary>How coverage is said. Pure.</summary>
public static class CoverageWords
{
    /// <summary>"all 4 fields known", "5 of 31 fields unknown".</summary>
    public static string Fields(long known, long total) => known >= total
        ? string.Create(CultureInfo.InvariantCulture, $"all {total:N0} fields known")
        : string.Create(CultureInfo.InvariantCulture, $"{total - known:N0} of {total:N0} fields unknown");

    /// <summary>"at least 80 %" where what is unread may belong to it or not.</summary>
    public static string Percent(CoverageFigure figure) =>
        (figure.Unsure > 0 ? "at least " : string.Empty) + Percent(figure.Known, figure.AtMost);

    /// <summary>Whole percent, never rounded up to 100 nor down to 0 while something is missing or known.</summary>
    public static string Percent(long known, long total)
    {
        if (total == 0)
        {
            return "none";
        }

        var percent = (int)Math.Round(100d * known / total, MidpointRounding.AwayFromZero);
        percent = known < total ? Math.Min(percent, 99) : percent;
        percent = known > 0 ? Math.Max(percent, 1) : percent;
        return string.Create(CultureInfo.InvariantCulture, $"{percent}\u202f%");
    }
}
