using System.Text;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <summary>A script as logical lines: comments dropped, lines that end in a backslash (or a PowerShell backtick) joined.</summary>
internal static class ShellLines
{
    private const int LongestLine = 8000;

    public static IEnumerable<(string Command, int Line)> Of(YamlText script)
    {
        var joined = new StringBuilder();
        var start = 0;
        foreach (var (text, line) in script.Lines())
        {
            var trimmed = text.Trim();
            start = joined.Length == 0 ? line : start;
            if (joined.Length == 0 && (trimmed.Length == 0 || trimmed[0] == '#'))
            {
                continue;
            }

            var goesOn = trimmed.EndsWith('\\') || trimmed.EndsWith('`');
            joined.Append(goesOn ? trimmed[..^1] : trimmed).Append(' ');
            if (!goesOn || joined.Length > LongestLine)
            {
                yield return (Cut(joined), start);
                joined.Clear();
            }
        }

        if (joined.Length > 0)
        {
            yield return (Cut(joined), start);
        }
    }

    private static string Cut(StringBuilder text) => text.ToString(0, Math.Min(text.Length, LongestLine));
}
