namespace NhiGovernance.Sources.Connectors.Git.Workflows;

internal sealed record Trigger(string Name, int Line, YamlNode? Settings)
{
    /// <summary>How it comes here through a workflow of this repository that calls this one; null for its own.</summary>
    public CalledBy? By { get; init; }
}

/// <param name="From">The workflow that the event starts.</param>
/// <param name="Guarded">True when a calling job looks at whether the pull request comes from this repository.</param>
/// <param name="Token">What the calling jobs let the token do: write, read or default.</param>
/// <param name="Secrets">The names that are passed on; null for all.</param>
internal sealed record CalledBy(string From, bool Guarded, string Token, IReadOnlySet<string>? Secrets);

/// <param name="Via">The composite action that the step was written in; null for the workflow's own.</param>
/// <param name="Line">Its line in the workflow file; for a step of a composite action, the line that uses it.</param>
/// <param name="ActionImage">The image of the local action that it uses, as that action names it.</param>
internal sealed record Step(int Line, YamlNode Node, string? Via, string? ActionImage = null)
{
    /// <summary>A local action that is not in the repository or could not be read, or where reading stopped: what it does is not known.</summary>
    public bool Unread { get; init; }

    /// <summary>A local action that is a program or an image and no list of steps: there is nothing here to read what it does from.</summary>
    public bool IsProgram { get; init; }

    public string? Uses => Node["uses"]?.Text?.Trim();

    public YamlText? Run => Node["run"] as YamlText;

    public string? With(string input) => Node["with"]?[input]?.Text?.Trim();

    /// <summary>A line of the step's own file, or the line that uses the composite action.</summary>
    public int LineOf(int own) => Via is null ? own : Line;
}

internal sealed record Job(string Id, int Line, YamlNode Node, IReadOnlyList<Step> Steps)
{
    public string? Uses => Node["uses"]?.Text?.Trim();

    /// <summary>True when part of what it runs stands where nothing was read: a called workflow of another repository, an unread action.</summary>
    public bool Unread => Uses is { } uses ? !uses.StartsWith("./", StringComparison.Ordinal) : Steps.Any(s => s.Unread);

    public string? If => Node["if"]?.Text;

    public YamlNode? RunsOn => Node["runs-on"];

    public (string Name, int Line)? Environment =>
        Node["environment"] is not { } node ? null
        : (node.Text ?? node["name"]?.Text) is { Length: > 0 } name ? (Emit.Short(name), node.Line) : null;
}

/// <summary>A workflow file as GitHub reads it. "on" stays the text it is: there is no boolean trap in a tree of texts.</summary>
internal sealed record Workflow(string Path, string Name, IReadOnlyList<Trigger> Triggers, YamlNode? Permissions, IReadOnlyList<Job> Jobs, YamlNode Root)
{
    public string FileName => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Workflows of this repository that its jobs call, as paths from the root.</summary>
    public IEnumerable<(Job Job, string Path)> LocalCalls() =>
        Jobs.Select(j => (Job: j, Uses: j.Uses ?? string.Empty)).Where(c => c.Uses.StartsWith("./", StringComparison.Ordinal)).Select(c => (c.Job, c.Uses[2..]));

    public bool Has(string trigger) => Triggers.Any(t => t.Name == trigger);

    /// <param name="composite">Gives the parsed action.yml of a folder of the same repository, or null.</param>
    /// <exception cref="UnreadableYamlException">Not a workflow: no mapping, or no jobs.</exception>
    public static Workflow From(string path, YamlNode root, Func<string, YamlNode?> composite)
    {
        if (root is not YamlMap)
        {
            throw new UnreadableYamlException("not a mapping");
        }

        var jobs = root["jobs"] is YamlMap map
            ? map.Entries.Where(e => e.Value is YamlMap).Select(e => new Job(e.Key.Value, e.Key.Line, e.Value, [.. Steps(e.Value, composite)])).ToList()
            : throw new UnreadableYamlException("it has no jobs");
        var name = root["name"]?.Text is { Length: > 0 } given ? Emit.Short(given) : path[(path.LastIndexOf('/') + 1)..];
        return new Workflow(path, name, [.. ReadTriggers(root["on"])], root["permissions"], jobs, root);
    }

    private static IEnumerable<Trigger> ReadTriggers(YamlNode? on) => on switch
    {
        YamlText text => [new Trigger(text.Value, text.Line, null)],
        YamlList list => list.Nodes.OfType<YamlText>().Select(t => new Trigger(t.Value, t.Line, null)),
        YamlMap map => map.Entries.Select(e => new Trigger(e.Key.Value, e.Key.Line, e.Value)),
        _ => [],
    };

    private static IEnumerable<Step> Steps(YamlNode job, Func<string, YamlNode?> composite)
    {
        var budget = 2000;
        foreach (var node in job["steps"]?.Items.OfType<YamlMap>() ?? [])
        {
            foreach (var step in Expand(new Step(node.Line, node, null), composite, [], 0))
            {
                if (budget-- == 0)
                {
                    yield return step with { Unread = true };
                    yield break;
                }

                yield return step;
            }
        }
    }

    /// <summary>The step itself, and where it uses a composite action of the repository, that action's steps, five levels deep.</summary>
    private static IEnumerable<Step> Expand(Step step, Func<string, YamlNode?> composite, HashSet<string> above, int depth)
    {
        var isLocal = step.Uses?.StartsWith("./", StringComparison.Ordinal) == true;
        var action = isLocal ? composite(step.Uses!)?["runs"] : null;
        step = step with
        {
            Unread = isLocal && (action is null || (depth >= 5 && action["steps"] is not null)),
            IsProgram = action is not null && action["using"]?.Text != "composite",
        };
        yield return action?["using"]?.Text == "docker" && action["image"]?.Text is { } image ? step with { ActionImage = image } : step;
        if (depth >= 5 || step.Uses is not { } uses || !uses.StartsWith("./", StringComparison.Ordinal) || !above.Add(uses))
        {
            yield break;
        }

        foreach (var node in action?["steps"]?.Items.OfType<YamlMap>() ?? [])
        {
            foreach (var inner in Expand(new Step(step.Line, node, uses), composite, above, depth + 1))
            {
                yield return inner;
            }
        }

        above.Remove(uses);
    }
}
