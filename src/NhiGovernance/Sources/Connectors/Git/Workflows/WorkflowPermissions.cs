namespace NhiGovernance.Sources.Connectors.Git.Workflows;

internal enum PermissionSource
{
    Workflow,
    Job,

    /// <summary>Nothing is said: the repository's or organization's default holds, which git does not show.</summary>
    Default,
}

/// <summary>What the job's token may do. <see cref="Scopes"/> holds scope to read or write; "*" stands for all.</summary>
internal sealed record WorkflowPermissions(PermissionSource Source, int? Line, IReadOnlyDictionary<string, string> Scopes)
{
    private static readonly string[] Changing = ["*", "contents", "packages", "deployments", "pages", "actions", "id-token", "attestations"];

    /// <summary>In one word: write, read or default.</summary>
    public string TokenLevel => Source == PermissionSource.Default ? "default" : Scopes.Values.Contains("write") ? "write" : "read";

    public bool Writes(string scope) => Level(scope) == "write";

    public string Level(string scope) =>
        Scopes.TryGetValue(scope, out var level) ? level
        : scope != "id-token" && Scopes.TryGetValue("*", out var all) ? all
        : Scopes.TryGetValue("*", out var every) && every == "write" ? "write"
        : Source == PermissionSource.Default ? "default" : "none";

    /// <summary>True when a holder of this scope at write can change what is shipped.</summary>
    public static bool AltersRelease(string scope) => Changing.Contains(scope);

    /// <summary>The job's own when it has any, else the workflow's, else the default. A job's list replaces the whole.</summary>
    public static WorkflowPermissions Of(Workflow workflow, Job job) =>
        job.Node["permissions"] is { } own ? Read(own, PermissionSource.Job)
        : workflow.Permissions is { } shared ? Read(shared, PermissionSource.Workflow)
        : new WorkflowPermissions(PermissionSource.Default, null, new Dictionary<string, string>());

    private static WorkflowPermissions Read(YamlNode node, PermissionSource source)
    {
        var scopes = new Dictionary<string, string>(StringComparer.Ordinal);
        switch (node)
        {
            case YamlText { Value: "write-all" }:
                scopes["*"] = "write";
                break;
            case YamlText { Value: "read-all" }:
                scopes["*"] = "read";
                break;
            case YamlText { Value.Length: > 0 }:
                // Nothing that GitHub documents: what the token may do is not known.
                return new WorkflowPermissions(PermissionSource.Default, node.Line, scopes);
            case YamlMap map:
                foreach (var (scope, level) in map.Entries)
                {
                    if (scope.Value.Length <= 40 && level.Text is "read" or "write" or "none")
                    {
                        scopes[Emit.Short(scope.Value)] = level.Text!;
                    }
                }

                break;
        }

        return new WorkflowPermissions(source, node.Line, scopes);
    }
}
