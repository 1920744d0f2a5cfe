namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <summary>
/// How the workflows of one repository call one another by <c>uses: ./.github/workflows/x.yml</c>. Whatever starts the caller starts
/// what it calls; and what the called one can do, the calling job can.
/// </summary>
internal sealed class WorkflowCalls
{
    /// <summary>GitHub allows ten levels: https://docs.github.com/actions/reference/workflows-and-actions/reusing-workflow-configurations.</summary>
    private const int MostLevels = 10;

    private readonly Dictionary<string, Called> _workflows = new(StringComparer.Ordinal);

    /// <summary>Takes in what a first reading of a file saw.</summary>
    public void Add(WorkflowReport report)
    {
        if (report.Workflow is not { } workflow)
        {
            return;
        }

        _workflows[workflow.Path] = new(
            [.. workflow.Triggers.Select(t => t.Name).Where(n => n != "workflow_call")],
            [.. workflow.LocalCalls().Select(c => new Call(c.Path, ForkReach.IsGuarded(c.Job), WorkflowPermissions.Of(workflow, c.Job).TokenLevel, Passed(c.Job)))],
            [.. report.Jobs.SelectMany(j => j.Capabilities).Select(c => (c.Kind, c.What)).Distinct()],
            report.IsPartial || report.Jobs.Any(j => j.UnknownActions.Any()));
    }

    /// <summary>Events that start it through a workflow that calls it, at the line of its <c>workflow_call</c>.</summary>
    public IEnumerable<Trigger> TriggersOf(Workflow workflow)
    {
        if (workflow.Triggers.FirstOrDefault(t => t.Name == "workflow_call") is not { } own)
        {
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal) { workflow.Path };
        var level = new List<(string Path, CalledBy? By)> { (workflow.Path, null) };
        for (var depth = 0; depth < MostLevels && level.Count > 0; depth++)
        {
            var callers = new List<(string Path, CalledBy? By)>();
            foreach (var (path, by) in level)
            {
                foreach (var (caller, called) in _workflows.OrderBy(w => w.Key, StringComparer.Ordinal))
                {
                    var calls = called.Calls.Where(c => c.Path == path).ToList();
                    if (calls.Count == 0 || !seen.Add(caller))
                    {
                        continue;
                    }

                    var way = Join(caller, calls, by);
                    callers.Add((caller, way));
                    foreach (var name in called.Triggers)
                    {
                        yield return new Trigger(name, own.Line, null) { By = way };
                    }
                }
            }

            level = callers;
        }
    }

    /// <summary>What the workflow that the job calls can do, and those that it calls, at the calling job's line.</summary>
    public IEnumerable<Capability> CapabilitiesOf(Job job)
    {
        if (job.Uses is not { } uses || !uses.StartsWith("./", StringComparison.Ordinal))
        {
            return [];
        }

        var line = job.Node["uses"]!.Line;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return Below(uses[2..], seen, 0).Distinct().Select(c => new Capability(c.Kind, c.What, Emit.Short(uses), job.Id, line));
    }

    /// <summary>False when what the job calls in this repository, or what that calls, is not there, could not be read or is elsewhere.</summary>
    public bool IsRead(Job job) => job.Uses is not { } uses || !uses.StartsWith("./", StringComparison.Ordinal) || IsRead(uses[2..], new HashSet<string>(StringComparer.Ordinal));

    private bool IsRead(string path, HashSet<string> seen) =>
        !seen.Add(path) || (_workflows.TryGetValue(path, out var called) && !called.Partial && called.Calls.All(c => IsRead(c.Path, seen)));

    /// <summary>Of several calls the one that lets most through; of a chain of calls what all of them let through.</summary>
    private static CalledBy Join(string caller, List<Call> calls, CalledBy? inner)
    {
        var guarded = calls.TrueForAll(c => c.Guarded) || inner?.Guarded == true;
        var token = calls.Exists(c => c.Token == "write") ? "write" : calls.Exists(c => c.Token == "default") ? "default" : "read";
        IReadOnlySet<string>? passed = calls.Exists(c => c.Secrets is null) ? null : calls.SelectMany(c => c.Secrets!).ToHashSet(StringComparer.Ordinal);
        passed = inner?.Secrets is not { } below ? passed : passed is null ? below : below.Intersect(passed).ToHashSet(StringComparer.Ordinal);
        return new CalledBy(Emit.Short(caller), guarded, inner is null || inner.Token == "default" ? token : token == "read" ? token : inner.Token, passed);
    }

    /// <summary>"secrets: inherit" passes all; a mapping those that it names, under the name that the called one reads.</summary>
    private static IReadOnlySet<string>? Passed(Job job) => job.Node["secrets"] switch
    {
        YamlText { Value: "inherit" } => null,
        YamlMap map => map.Entries.Select(e => e.Key.Value.ToUpperInvariant()).ToHashSet(StringComparer.Ordinal),
        _ => new HashSet<string>(StringComparer.Ordinal),
    };

    private IEnumerable<(CapabilityKind Kind, string What)> Below(string path, HashSet<string> seen, int depth) =>
        depth < MostLevels && seen.Add(path) && _workflows.TryGetValue(path, out var called)
            ? called.Capabilities.Concat(called.Calls.SelectMany(c => Below(c.Path, seen, depth + 1)))
            : [];

    private sealed record Call(string Path, bool Guarded, string Token, IReadOnlySet<string>? Secrets);

    private sealed record Called(
        IReadOnlyList<string> Triggers, IReadOnlyList<Call> Calls, IReadOnlyList<(CapabilityKind Kind, string What)> Capabilities,
        bool Partial);
}
