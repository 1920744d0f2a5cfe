namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <summary>"${{ … }}" parts of a line.</summary>
internal static class Expressions
{
    /// <summary>What stands inside the braces, joined by spaces; empty when there is none.</summary>
    public static string Inside(string line)
    {
        var open = line.IndexOf("${{", StringComparison.Ordinal);
        if (open < 0)
        {
            return "";
        }

        var parts = new List<string>();
        while (open >= 0)
        {
            var close = line.IndexOf("}}", open, StringComparison.Ordinal);
            parts.Add(close < 0 ? line[(open + 3)..] : line[(open + 3)..close]);
            open = close < 0 ? -1 : line.IndexOf("${{", close, StringComparison.Ordinal);
        }

        return string.Join(' ', parts);
    }
}
