using System.Text.RegularExpressions;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

internal enum RunnerKind
{
    /// <summary>GitHub's own machine, thrown away after the job.</summary>
    Hosted,
    SelfHosted,

    /// <summary>A label that is neither GitHub's nor "self-hosted": a larger or a self-hosted runner, git does not say.</summary>
    Unknown,
}

internal sealed record RunnerUse(RunnerKind Kind, IReadOnlyList<string> Labels, string? Group, string Job, int Line);

/// <summary>Where a job runs. An expression over the matrix is written out; any other is unknown.</summary>
internal static partial class RunnerUses
{
    public static RunnerUse? Of(Job job)
    {
        if (job.RunsOn is not { } node)
        {
            return null;
        }

        var group = node["group"]?.Text;
        var labels = (node is YamlMap ? node["labels"]?.Items ?? [] : node.Items)
            .Select(n => n.Text).OfType<string>().SelectMany(l => Matrix.Values(l, job)).Distinct(StringComparer.OrdinalIgnoreCase).Take(50).ToList();
        var kind = labels.Contains("self-hosted", StringComparer.OrdinalIgnoreCase) ? RunnerKind.SelfHosted
            : group is null && labels.Count > 0 && labels.All(l => Hosted().IsMatch(l)) ? RunnerKind.Hosted
            : RunnerKind.Unknown;
        return new RunnerUse(kind, [.. labels.Select(Emit.Short)], group is null ? null : Emit.Short(group), job.Id, node.Line);
    }

    [GeneratedRegex(@"^(ubuntu|windows|macos)-(latest|\d+(\.\d+)?)(-(arm|arm64|large|xlarge|intel|slim|xl|vs\d+))*$|^ubuntu-slim$",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Hosted();
}
