using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// A repository's Actions as a principal, which holds its secrets and gets a job token; from
/// <c>/repos/{owner}/{repo}/actions/permissions</c>, <c>…/workflow</c>,
/// <c>…/selected-actions</c> and, of public repositories, <c>…/fork-pr-contributor-approval</c>, of others <c>…/fork-pr-workflows-private-repos</c>.
/// </summary>
internal sealed class Pipelines : RepositoryScope
{
    public override string Kind => "pipeline";

    public override string Title => "workflow permissions";

    public override string Permission => "Administration: read";

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"{repository.Path}/actions/permissions";
        var policy = await reading.PartAsync(path, GitHubJson.Default.ActionsPermissionsDocument, Permission, cancellationToken);
        var workflow = await reading.PartAsync($"{path}/workflow", GitHubJson.Default.WorkflowPermissionsDocument, Permission, cancellationToken);
        if (policy is { Value: null, Denied: null } && workflow is { Value: null, Denied: null })
        {
            // Both 404: the repository went, or this sign-in does not administer it. The scope finds out which.
            throw new Http.GitHubRefusal(Http.RefusalKind.NotFound, System.Net.HttpStatusCode.NotFound, "GitHub answered 404.");
        }

        var selected = policy.Value?.AllowedActions == "selected"
            ? await reading.PartAsync($"{path}/selected-actions", GitHubJson.Default.SelectedActionsDocument, Permission, cancellationToken)
            : new Part<SelectedActionsDocument>(null, policy.Denied);
        var forks = policy.Denied is not null || repository.Visibility != "public"
            ? new Part<ForkApprovalDocument>(null, policy.Denied)
            : await reading.PartAsync($"{path}/fork-pr-contributor-approval", GitHubJson.Default.ForkApprovalDocument, Permission, cancellationToken);
        var privateForks = repository.Visibility is not ("private" or "internal") ? null
            : policy.Denied is not null ? new Part<PrivateForksDocument>(null, policy.Denied)
            : await reading.PartAsync($"{path}/fork-pr-workflows-private-repos", GitHubJson.Default.PrivateForksDocument, Permission, cancellationToken, extra: true);
        yield return [Map(repository, reading.Issuer, policy, workflow, selected, forks, privateForks)];
    }

    internal static string KeyOf(RepositoryPlace repository) => $"pipeline:repository:{repository.Id}";

    internal static IdentityObservation Map(
        RepositoryPlace repository, string issuer, Part<ActionsPermissionsDocument> policy, Part<WorkflowPermissionsDocument> workflow,
        Part<SelectedActionsDocument> selected, Part<ForkApprovalDocument> forks, Part<PrivateForksDocument>? privateForks) =>
        new(KeyOf(repository), IdentityKind.Pipeline, $"GitHub Actions of {repository.FullName}", repository.Reference)
        {
            Disabled = policy.Value?.Enabled == false,
            ExpiresAt = KnownValue.Never(),
            JoinKeys = [$"github:repository:{repository.Id}", $"oidc:{issuer}|repo:{repository.FullName}"],
            Grants = Grants(workflow.Value, repository.FullName),
            Facts = new Dictionary<string, KnownValue>([.. Facts(policy, workflow, selected, forks), .. privateForks is null ? [] : OfForks(privateForks)]),
        };

    /// <summary>What runs of pull requests from forks get: of private and internal repositories, public ones give them nothing.</summary>
    private static Dictionary<string, KnownValue> OfForks(Part<PrivateForksDocument> forks) => new()
    {
        ["forksRunWorkflows"] = forks.Known(f => Text.Known(f.RunWorkflowsFromForkPullRequests)),
        ["forksGetWriteTokens"] = forks.Known(f => Text.Known(f.SendWriteTokensToWorkflows)),
        ["forksGetSecrets"] = forks.Known(f => Text.Known(f.SendSecretsAndVariables)),
        ["forksNeedApproval"] = forks.Known(f => Text.Known(f.RequireApprovalForForkPrWorkflows)),
    };

    /// <summary>What a job token may do when its workflow does not say: https://docs.github.com/actions/security-for-github-actions/security-guides/automatic-token-authentication.</summary>
    internal static IReadOnlyList<GrantObservation> Grants(WorkflowPermissionsDocument? workflow, string where)
    {
        var grants = new List<GrantObservation>();
        if (workflow?.DefaultWorkflowPermissions == "write")
        {
            grants.AddRange(new[] { "actions", "contents", "deployments", "packages", "pages" }.Select(p => new GrantObservation($"{p}:write", where, AltersRelease: true)));
        }
        else if (workflow?.DefaultWorkflowPermissions == "read")
        {
            grants.AddRange(new[] { "contents", "packages" }.Select(p => new GrantObservation($"{p}:read", where, AltersRelease: false)));
        }

        if (workflow?.CanApprovePullRequestReviews == true)
        {
            grants.Add(new("pull_requests:approve", where, AltersRelease: true));
        }

        return grants;
    }

    internal static IReadOnlyDictionary<string, KnownValue> Facts(
        Part<ActionsPermissionsDocument> policy, Part<WorkflowPermissionsDocument> workflow, Part<SelectedActionsDocument> selected,
        Part<ForkApprovalDocument> forks) =>
        new Dictionary<string, KnownValue>
        {
            ["actionsEnabled"] = policy.Known(p => p.Enabled is { } on ? KnownValue.Of(on) : Text.Known(p.EnabledRepositories)),
            ["allowedActions"] = policy.Known(p => Text.Known(p.AllowedActions)),
            ["shaPinningRequired"] = policy.Known(p => Text.Known(p.ShaPinningRequired)),
            ["defaultWorkflowPermissions"] = workflow.Known(w => Text.Known(w.DefaultWorkflowPermissions)),
            ["canApprovePullRequests"] = workflow.Known(w => Text.Known(w.CanApprovePullRequestReviews)),

            // Whose pull requests from forks wait for a person before a workflow runs: of public repositories.
            ["forkApproval"] = forks.Known(f => Text.Known(f.ApprovalPolicy)),
            ["allowedPatterns"] = selected.Known(s => Text.Set(s.PatternsAllowed)),
            ["githubOwnedAllowed"] = selected.Known(s => Text.Known(s.GithubOwnedAllowed)),
            ["verifiedAllowed"] = selected.Known(s => Text.Known(s.VerifiedAllowed)),
        };
}
