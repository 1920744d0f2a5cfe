using System.Text.RegularExpressions;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

internal enum Reach
{
    /// <summary>Code of a stranger is checked out where secrets or a writing token are at hand, and something of it is run.</summary>
    RunsForkCodeWithPrivileges,

    /// <summary>It is checked out there; nothing in the file runs it.</summary>
    ChecksOutForkCodeWithPrivileges,

    /// <summary>A run with privileges takes artifacts that a stranger's run made.</summary>
    UsesArtifactsOfForkRuns,

    /// <summary>Text of a stranger (a title, a branch name) stands inside a script.</summary>
    TextOfForkInScript,

    /// <summary>A stranger's code runs on a machine of one's own.</summary>
    RunsForkCodeOnOwnRunner,

    /// <summary>The same, if the runner is one's own: its name or group is not GitHub's, and git does not say whose it is.</summary>
    MayRunForkCodeOnOwnRunner,

    /// <summary>Strangers start it and secrets or a writing token are at hand; none of their code is taken.</summary>
    StartedByForksWithPrivileges,
}

/// <param name="Guarded">True when a condition looks at whether the pull request comes from this repository.</param>
/// <param name="Cache">True when what it leaves in the cache is later restored by runs of the default branch.</param>
internal sealed record ForkExposure(
    string Trigger, Reach Reach, string Job, int Line, IReadOnlyList<string> Secrets, string Token, bool Cache, bool Guarded)
{
    /// <summary>
    /// For a run that GitHub gives neither secrets nor a writing token: the secrets that it gets nevertheless when a private
    /// repository sends them to forks, which only its settings say. Null for a run that has what <see cref="Secrets"/> says.
    /// </summary>
    public IReadOnlyList<string>? IfSent { get; init; }

    /// <summary>The workflow of this repository that calls this one when the event happens; null when it is started itself.</summary>
    public string? From { get; init; }
}

/// <summary>
/// What a pull request from a fork, or any stranger's comment or issue, can reach. GitHub gives <c>pull_request</c> runs from
/// forks no secrets and a reading token, unless a private repository sends them to forks, which only its settings say;
/// <c>pull_request_target</c>, <c>workflow_run</c> and <c>issue_comment</c> always run with both.
/// </summary>
internal static partial class ForkReach
{
    private static readonly string[] Privileged =
        ["pull_request_target", "workflow_run", "issue_comment", "issues", "discussion", "discussion_comment", "fork", "watch", "gollum"];

    private static readonly string[] Unprivileged = ["pull_request", "pull_request_review", "pull_request_review_comment"];

    /// <summary>True when its condition looks at whether the pull request comes from this repository.</summary>
    public static bool IsGuarded(Job job) => Guard().IsMatch(job.If ?? "");

    /// <summary>
    /// True when nothing found does not mean that there is nothing: code that was not read runs when a stranger asks, others may call
    /// it, or the repository may send secrets or a writing token to runs of forks.
    /// </summary>
    public static bool IsOpen(Workflow workflow, Job job) =>
        workflow.Has("workflow_call") || (!OnlyOwn().IsMatch(job.If ?? "") && workflow.Triggers.Any(t => Privileged.Contains(t.Name) || Unprivileged.Contains(t.Name))
            && (job.Unread || WorkflowPermissions.Of(workflow, job).TokenLevel != "read" || SecretReads.Of(workflow, job).Any()));

    public static IEnumerable<ForkExposure> Of(Workflow workflow, Job job)
    {
        var own = IsGuarded(job);
        var read = SecretReads.Of(workflow, job).Select(s => s.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        var may = WorkflowPermissions.Of(workflow, job).TokenLevel;
        foreach (var trigger in workflow.Triggers)
        {
            var (guarded, secrets, token) = Through(trigger);
            if (Privileged.Contains(trigger.Name))
            {
                foreach (var (reach, line) in PrivilegedReach(trigger, job))
                {
                    yield return new ForkExposure(trigger.Name, reach, job.Id, line, secrets, token,
                        reach == Reach.RunsForkCodeWithPrivileges, guarded) { From = trigger.By?.From };
                }
            }
            else if (Unprivileged.Contains(trigger.Name) && RunnerUses.Of(job) is { Kind: not RunnerKind.Hosted } runner)
            {
                var reach = runner.Kind == RunnerKind.SelfHosted ? Reach.RunsForkCodeOnOwnRunner : Reach.MayRunForkCodeOnOwnRunner;
                yield return new ForkExposure(trigger.Name, reach, job.Id, runner.Line, [], "read", false, guarded) { From = trigger.By?.From, IfSent = secrets };
            }
        }

        if (workflow.Triggers.Where(t => Privileged.Contains(t.Name) || t.Name is "pull_request" or "pull_request_review")
            .OrderBy(t => Privileged.Contains(t.Name) ? 0 : 1).FirstOrDefault() is { } started)
        {
            foreach (var line in InjectedLines(job))
            {
                var privileged = Privileged.Contains(started.Name);
                var (guarded, secrets, token) = Through(started);
                yield return new ForkExposure(started.Name, Reach.TextOfForkInScript, job.Id, line,
                    privileged ? secrets : [], privileged ? token : "read", false, guarded) { From = started.By?.From, IfSent = privileged ? null : secrets };
            }
        }

        // A called workflow gets the secrets that it is passed, and at most its caller's token.
        (bool Guarded, IReadOnlyList<string> Secrets, string Token) Through(Trigger trigger) => trigger.By is not { } by
            ? (own, read, may)
            : (own || by.Guarded, by.Secrets is { } passed ? [.. read.Where(n => n == SecretReads.All || passed.Contains(n))] : read,
                may == "default" || by.Token == "read" ? by.Token : may);
    }

    private static IEnumerable<(Reach Reach, int Line)> PrivilegedReach(Trigger trigger, Job job)
    {
        var taken = false;
        for (var i = 0; i < job.Steps.Count; i++)
        {
            var step = job.Steps[i];
            if (TakesForkCode(step))
            {
                taken = true;
                var runs = job.Steps.Skip(i + 1).Any(Executes) || (step.Run is { } run && RunsAfterFetch().IsMatch(run.Value));
                yield return (runs ? Reach.RunsForkCodeWithPrivileges : Reach.ChecksOutForkCodeWithPrivileges, step.Line);
            }
            else if (trigger.Name == "workflow_run" && TakesForeignArtifact(step))
            {
                taken = true;
                yield return (Reach.UsesArtifactsOfForkRuns, step.Line);
            }
        }

        if (!taken)
        {
            yield return (Reach.StartedByForksWithPrivileges, trigger.Line);
        }
    }

    private static bool TakesForkCode(Step step)
    {
        if (step.Uses is { } uses && Checkout().IsMatch(uses))
        {
            return ForkReference().IsMatch($"{step.With("ref")} {step.With("repository")}");
        }

        return step.Run is { } run && FetchesFork().IsMatch(run.Value);
    }

    /// <summary>Anything that may run what was checked out: a script, a local action, a set-up that installs from a lock file.</summary>
    private static bool Executes(Step step) =>
        step.Run is not null || (step.Uses is { } uses && (uses.StartsWith("./", StringComparison.Ordinal) || Builds().IsMatch(uses)));

    private static bool TakesForeignArtifact(Step step) =>
        (step.Uses is { } uses && ((uses.StartsWith("actions/download-artifact@", StringComparison.OrdinalIgnoreCase) && step.With("run-id") is not null)
            || ForeignArtifact().IsMatch(uses)))
        || (step.Run is { } run && run.Value.Contains("gh run download", StringComparison.Ordinal))
        || (step.Uses?.StartsWith("actions/github-script@", StringComparison.OrdinalIgnoreCase) == true
            && step.With("script")?.Contains("downloadArtifact", StringComparison.Ordinal) == true);

    private static IEnumerable<int> InjectedLines(Job job)
    {
        foreach (var step in job.Steps)
        {
            var script = step.Run ?? (step.Uses?.StartsWith("actions/github-script@", StringComparison.OrdinalIgnoreCase) == true ? step.Node["with"]?["script"] as YamlText : null);
            var found = false;
            foreach (var (text, line) in script?.Lines() ?? [])
            {
                if (StrangersText().IsMatch(Expressions.Inside(text)))
                {
                    found = true;
                    yield return step.LineOf(line);
                }
            }

            // An expression may go over several lines.
            if (!found && script is not null && StrangersText().IsMatch(Expressions.Inside(script.Value)))
            {
                yield return step.LineOf(script.Line);
            }
        }
    }

    [GeneratedRegex(@"head\.repo\.full_name\s*==\s*github\.repository|github\.repository\s*==\s*github\.event\.pull_request\.head\.repo\.full_name"
        + @"|!\s*github\.event\.pull_request\.head\.repo\.fork|head\.repo\.fork\s*==\s*false|author_association|head_repository\.full_name\s*==\s*github\.repository",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Guard();

    /// <summary>The condition is nothing but that: no "or" beside it lets a fork through.</summary>
    [GeneratedRegex(@"^\s*(\$\{\{)?\s*(github\.event\.pull_request\.head\.repo\.full_name\s*==\s*github\.repository|!\s*github\.event\.pull_request\.head\.repo\.fork"
        + @"|github\.event\.pull_request\.head\.repo\.fork\s*==\s*false)\s*(\}\})?\s*$", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex OnlyOwn();

    [GeneratedRegex(@"^actions/checkout(@|$)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Checkout();

    [GeneratedRegex(@"pull_request\.head|github\.head_ref|refs/pull/|merge_commit_sha|workflow_run\.head|event\.number|issue\.number|pull_request\.number",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex ForkReference();

    [GeneratedRegex(@"\bgh\s+pr\s+checkout\b|\bgit\s+fetch\b[^\n]*\bpull/|\bgit\s+(fetch|clone|checkout|pull)\b[^\n]*(pull_request\.head|github\.head_ref|workflow_run\.head)",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex FetchesFork();

    [GeneratedRegex(@"\b(gh\s+pr\s+checkout|git\s+(fetch|checkout|clone|pull))\b[^\n]*\n(.|\n)*\b(npm|yarn|pnpm|make|pip|python|python3|go|cargo|mvn|gradle|dotnet|bash|sh)\b",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex RunsAfterFetch();

    [GeneratedRegex(@"^(docker/build-push-action|docker/bake-action|gradle/|pre-commit/action|golangci/|goreleaser/)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Builds();

    [GeneratedRegex("^(dawidd6/action-download-artifact|aochmann/actions-download-artifact|bettermarks/action-artifact-download)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex ForeignArtifact();

    [GeneratedRegex(@"github\.head_ref|github\.event\.(pull_request|issue|discussion|comment|review|review_comment)\.(title|body)"
        + @"|github\.event\.pull_request\.head\.(ref|label|repo\.default_branch)|github\.event\.pages\b.*\.page_name"
        + @"|github\.event\.(commits|head_commit|workflow_run\.head_commit)\b.*\.(message|name|email)|github\.event\.workflow_run\.(head_branch|display_title)",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex StrangersText();
}
