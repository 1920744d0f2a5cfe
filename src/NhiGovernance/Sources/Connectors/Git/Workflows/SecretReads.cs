using System.Text.RegularExpressions;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <param name="Name">The secret's name; "*" when all of them or a computed one.</param>
internal sealed record SecretRead(string Name, string Job, int Line);

/// <summary>Which secrets a job can read: by name in any expression of it, of the workflow's env, or all by inheritance.</summary>
internal static partial class SecretReads
{
    public const string All = "*";

    /// <summary>The job's token is no stored secret; what it may do is in the permissions.</summary>
    private const string JobToken = "GITHUB_TOKEN";

    public static IEnumerable<SecretRead> Of(Workflow workflow, Job job)
    {
        var found = new List<SecretRead>();
        foreach (var text in workflow.Root["env"]?.Texts() ?? [])
        {
            found.AddRange(In(text, job.Id, null));
        }

        foreach (var (key, node) in job.Node.Pairs.Where(p => p.Key.Value is not "steps"))
        {
            if (key.Value == "secrets" && node.Text == "inherit")
            {
                found.Add(new SecretRead(All, job.Id, node.Line));
            }

            found.AddRange(node.Texts().SelectMany(t => In(t, job.Id, null)));
        }

        found.AddRange(Condition(job.Node["if"], job.Id, null));
        foreach (var step in job.Steps)
        {
            found.AddRange(step.Node.Texts().SelectMany(t => In(t, job.Id, step)));
            found.AddRange(Condition(step.Node["if"], job.Id, step));
        }

        return found.DistinctBy(s => (s.Name, s.Line));
    }

    /// <summary>A condition is an expression without the braces.</summary>
    private static IEnumerable<SecretRead> Condition(YamlNode? node, string job, Step? step) =>
        node is YamlText text ? Names(text.Value).Select(n => new SecretRead(n, job, step?.LineOf(text.Line) ?? text.Line)) : [];

    /// <summary>The names in one text, "*" for a computed one.</summary>
    public static IEnumerable<string> Names(string text)
    {
        foreach (Match match in Reference().Matches(text))
        {
            var name = match.Groups["dot"].Success ? match.Groups["dot"].Value : match.Groups["quoted"].Success ? match.Groups["quoted"].Value : All;
            if (!name.Equals(JobToken, StringComparison.OrdinalIgnoreCase))
            {
                yield return name == All ? All : name.ToUpperInvariant();
            }
        }

        if (WholeContext().IsMatch(text))
        {
            yield return All;
        }
    }

    private static IEnumerable<SecretRead> In(YamlText text, string job, Step? step)
    {
        if (!text.Value.Contains("secrets", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        var found = text.Lines().SelectMany(l => Names(Expressions.Inside(l.Text)).Select(n => new SecretRead(n, job, step?.LineOf(l.Line) ?? l.Line))).ToList();

        // An expression may go over several lines.
        found.AddRange(Names(Expressions.Inside(text.Value)).Except(found.Select(f => f.Name)).Select(n => new SecretRead(n, job, step?.LineOf(text.Line) ?? text.Line)));
        return found;
    }

    [GeneratedRegex(@"(?:^|[^A-Za-z0-9_.\-])secrets\s*(?:\.\s*(?<dot>[A-Za-z_][A-Za-z0-9_]{0,99})|\[\s*(?:['""](?<quoted>[A-Za-z_][A-Za-z0-9_]{0,99})['""]\s*\]|[^'""\s]))",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    [GeneratedRegex(@"toJSON\s*\(\s*secrets\s*\)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WholeContext();
}
