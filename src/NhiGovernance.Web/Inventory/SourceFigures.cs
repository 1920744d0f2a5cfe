using System.Globalization;

namespace NhiGovernance.Web.Inventory;

/// <summary>How the overview sums sources up: what was not looked at is never called read. Pure.</summary>
public static class SourceFigures
{
    /// <param name="on">Sources that are switched on, all of them read in time and to the end.</param>
    /// <param name="off">Sources that are switched off: nobody reads them.</param>
    /// <param name="beyond">Sources that were not looked at.</param>
    public static string Well(int on, int off, int beyond)
    {
        var sources = Words(on);
        var read = (on, beyond) switch
        {
            (0, _) => "No source is switched on",
            (1, 0) => "The one source was read in time and to the end",
            (_, 0) => $"All {sources} sources were read in time and to the end",
            _ => $"The first {sources} sources were read in time and to the end; of {Words(beyond)} more the list tells",
        };
        return read + off switch { 0 => ".", 1 => "; 1 is switched off.", _ => $"; {Words(off)} are switched off." };
    }

    /// <param name="hidden">Sources that need attention and are not shown.</param>
    /// <param name="beyond">Sources that were not looked at.</param>
    public static string More(int hidden, int beyond) => (hidden, beyond) switch
    {
        (_, 0) => $"{Words(hidden)} more need attention",
        (0, _) => $"{Words(beyond)} more sources were not looked at here",
        _ => $"{Words(hidden)} more need attention, and {Words(beyond)} were not looked at here",
    };

    private static string Words(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
