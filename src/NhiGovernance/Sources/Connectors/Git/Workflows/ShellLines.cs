using System.Text;
using System.Text.RegularExpressions;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <summary>A script as logical lines: comments dropped, lines that end in a backslash (or a PowerShell backtick) joined.</summary>
internal static partial class ShellLines
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

    /// <summary>A download that is run without being looked at: "curl … | sh", "bash &lt;(curl …)", "iwr … | iex".</summary>
    public static bool PipesToShell(string command) => Piped().IsMatch(command);

    private static string Cut(StringBuilder text) => text.ToString(0, Math.Min(text.Length, LongestLine));

    [GeneratedRegex(
        @"\b(curl|wget|fetch)\b[^|;&]*\|\s*(sudo\s+(-\S+\s+)*)?(env\s+\S+\s+)?(/(usr/)?bin/)?(ba|z|da|k|a)?sh\b"
        + @"|\b(curl|wget)\b[^|;&]*\|\s*(sudo\s+)?(/usr/bin/)?(python3?|node|perl|ruby)\b"
        + @"|\b((ba|z|da|k|a)?sh|source|eval|\.)\s+(-\S+\s+)*[""']?(<\(|\$\(|`)\s*(curl|wget)\b"
        + @"|\b(iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring)\b.*\|\s*(iex|invoke-expression)\b|\b(iex|invoke-expression)\b.*\b(iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring)\b",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Piped();
}
