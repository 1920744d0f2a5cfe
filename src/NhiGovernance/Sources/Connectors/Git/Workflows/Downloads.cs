using System.Text.RegularExpressions;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

internal enum DownloadForm
{
    /// <summary>"curl … | sh", "bash &lt;(curl …)", "iwr … | iex": nobody could even look at it.</summary>
    Piped,

    /// <summary>Written to a file that the same script then runs, and nothing in between looks at it.</summary>
    RunAfter,
}

internal sealed record DownloadRun(DownloadForm Form, string Job, int Line);

/// <summary>Lines of a script that run what they download.</summary>
internal static partial class Downloads
{
    public static IEnumerable<DownloadRun> In(YamlText script)
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (command, line) in ShellLines.Of(script))
        {
            if (IsPiped(command))
            {
                yield return new DownloadRun(DownloadForm.Piped, string.Empty, line);
            }

            foreach (var part in command.Split([';', '&', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (Checks().IsMatch(part))
                {
                    // Somebody looks: a digest or a signature.
                    files.Clear();
                }
                else if (Fetches().IsMatch(part))
                {
                    files.UnionWith(Written(part));
                }
                else if (files.Count > 0 && Runs(part) is { } run && files.Contains(run))
                {
                    yield return new DownloadRun(DownloadForm.RunAfter, string.Empty, line);
                }
            }
        }
    }

    public static bool IsPiped(string command) => Piped().IsMatch(command);

    /// <summary>The names that a download is written to.</summary>
    private static IEnumerable<string> Written(string part)
    {
        var named = Output().Matches(part).Select(m => Base(m.Groups["file"].Value)).Where(n => n.Length > 0).ToList();
        if (named.Count > 0)
        {
            return named;
        }

        // curl -O, wget, and iwr without -OutFile take the address's last segment.
        return part.TrimStart().StartsWith("wget", StringComparison.OrdinalIgnoreCase) || RemoteName().IsMatch(part)
            ? Address().Matches(part).Select(m => Base(m.Groups["path"].Value)).Where(n => n.Length > 0)
            : [];
    }

    /// <summary>The file that a command runs: "sh x", "./x", "chmod +x x" is none.</summary>
    private static string? Runs(string part) => Run().Match(part) is { Success: true } match ? Base(match.Groups["file"].Value) : null;

    private static string Base(string path)
    {
        var bare = path.Trim('"', '\'', ' ');
        bare = bare.Split('?', '#')[0];
        return bare[(bare.LastIndexOfAny(['/', '\\']) + 1)..];
    }

    // A single "&" belongs to an address, and further pipes do not make it any better: "curl … | sed … | sh".
    [GeneratedRegex(
        @"\b(curl|wget|fetch)\b([^;&|\n]|&[^&]|\|[^|])*\|\s*(sudo\s+(-\S+\s+([a-z_][a-z0-9_\-]*\s+)?)*)?(env\s+(\S+=\S*\s+)*)?(/(usr/)?(local/)?bin/)?((ba|z|da|k|a)?sh|python3?|node|perl|ruby|deno|pwsh|php)(\s|$|\)|"")"
        + @"|\b((ba|z|da|k|a)?sh|source|eval|\.|python3?|node|perl|ruby)\s+(-\S+\s+)*[""']?(<\(|\$\(|`)\s*(curl|wget)\b"
        + @"|(^|[;&|\s])\.\s+<\(\s*(curl|wget)\b"
        + @"|\b(iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring)\b.*\|\s*(iex|invoke-expression)\b|\b(iex|invoke-expression)\b.*\b(iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring)\b"
        + @"|\bdeno\s+run\b[^;&|]*\shttps?://",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Piped();

    [GeneratedRegex(@"\b(curl|wget|iwr|invoke-webrequest)\b.*https?://|\b(curl|wget|iwr|invoke-webrequest)\b.*\$", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Fetches();

    [GeneratedRegex(@"(^|\s)(-[A-Za-z]*[oO]|--output|--output-document|-OutFile)[\s=]+(?<file>[^\s-][^\s]*)|>\s*(?<file>[^\s&>]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Output();

    [GeneratedRegex(@"(^|\s)(-[A-Za-z]*O|--remote-name)(\s|$)", RegexOptions.NonBacktracking)]
    private static partial Regex RemoteName();

    [GeneratedRegex(@"https?://[^\s""'/]+(?<path>/[^\s""']*)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"^(sudo\s+(-\S+\s+)*)?((/(usr/)?bin/)?((ba|z|da|k|a)?sh|python3?|node|perl|ruby|pwsh|source|\.)\s+(-\S+\s+)*(?<file>[^\s-]\S*)|(?<file>\.{1,2}/\S+|/(tmp|usr/local/bin)/\S+|\$\{?(RUNNER_TEMP|HOME)\}?/\S+))",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Run();

    [GeneratedRegex(@"\b(sha(1|224|256|384|512)sum|shasum|b2sum|gpgv?|minisign|cosign|openssl\s+dgst|get-filehash|slsa-verifier|gh\s+attestation)\b", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Checks();
}
