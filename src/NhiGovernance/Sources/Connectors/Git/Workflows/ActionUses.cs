using System.Text.RegularExpressions;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

internal enum Pin
{
    /// <summary>A full commit id, or an image digest: the same bytes each time.</summary>
    Sha,

    /// <summary>Looks like a version; whoever owns the action can move it.</summary>
    Tag,

    /// <summary>Anything else, a branch most likely.</summary>
    Branch,

    /// <summary>Of this repository: as trusted as the workflow itself.</summary>
    Local,
}

/// <param name="Owner">"actions", "acme"; "docker" for an image; empty for a local one.</param>
/// <param name="ThirdParty">Neither of this repository's owner nor of GitHub.</param>
internal sealed record ActionUse(string Uses, string Owner, Pin Pin, bool ThirdParty, string Job, int Line, string? Via = null)
{
    /// <summary>A reusable workflow: it runs with the secrets that it is given, and its own code says where.</summary>
    public bool IsWorkflow { get; init; }

    /// <summary>No rule says what it does to what is shipped.</summary>
    public bool IsUnknown { get; init; }

    public bool IsPinned => Pin is Pin.Sha or Pin.Local;
}

/// <summary>The actions and reusable workflows that a job runs, and how firmly each is named.</summary>
internal static partial class ActionUses
{
    private static readonly string[] GitHubOwners = ["actions", "github"];

    public static IEnumerable<ActionUse> Of(Job job, string repositoryOwner)
    {
        if (job.Uses is { Length: > 0 } called && Read(called, repositoryOwner, job.Id, job.Node["uses"]!.Line, null) is { } call)
        {
            yield return call with { IsWorkflow = true };
        }

        foreach (var step in job.Steps)
        {
            if (step.Uses is { Length: > 0 } uses && Read(uses, repositoryOwner, job.Id, step.LineOf(step.Node["uses"]!.Line), step.Via) is { } use)
            {
                yield return use with { IsUnknown = !ReleaseRules.Known.Knows(step) };
            }
        }
    }

    public static ActionUse? Read(string uses, string repositoryOwner, string job, int line, string? via)
    {
        if (uses.StartsWith("./", StringComparison.Ordinal) || uses.StartsWith("../", StringComparison.Ordinal))
        {
            return new ActionUse(Emit.Short(uses), "", Pin.Local, false, job, line, via);
        }

        if (uses.StartsWith("docker://", StringComparison.Ordinal))
        {
            return new ActionUse(Emit.Short(uses), "docker", ImageUses.PinOf(uses) == ImagePin.Digest ? Pin.Sha : Pin.Tag, true, job, line, via);
        }

        var at = uses.LastIndexOf('@');
        var slash = uses.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || uses.Contains(' ', StringComparison.Ordinal))
        {
            return null;
        }

        var owner = uses[..slash];
        var reference = at < 0 ? "" : uses[(at + 1)..];
        var pin = FullId().IsMatch(reference) ? Pin.Sha : Version().IsMatch(reference) ? Pin.Tag : Pin.Branch;
        var third = !owner.Equals(repositoryOwner, StringComparison.OrdinalIgnoreCase) && !GitHubOwners.Contains(owner, StringComparer.OrdinalIgnoreCase);
        return new ActionUse(Emit.Short(uses), Emit.Short(owner), pin, third, job, line, via);
    }

    [GeneratedRegex("^([0-9a-f]{40}|[0-9a-f]{64})$", RegexOptions.NonBacktracking)]
    private static partial Regex FullId();

    [GeneratedRegex(@"^([A-Za-z\-_/]*[\-/@])?v?\d+(\.\d+)*([\-+.][A-Za-z0-9.\-]+)?$", RegexOptions.NonBacktracking)]
    private static partial Regex Version();
}
