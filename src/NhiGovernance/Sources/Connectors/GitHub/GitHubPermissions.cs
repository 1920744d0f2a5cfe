using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>The least that the connector needs, and which permissions of others can change what is shipped.</summary>
internal static class GitHubPermissions
{
    /// <summary>The classic scopes that reading needs: more is more than needed.</summary>
    /// <remarks>There is no read-only <c>repo</c> scope: a classic token always holds more than it needs.</remarks>
    public static readonly IReadOnlySet<string> ReadingScopes = new HashSet<string>(StringComparer.Ordinal)
    {
        "read:org", "admin:org_hook", "read:repo_hook", "security_events", "read:audit_log", "read:user", "user:email", "public_repo", "repo", "admin:org",
        "repo:status", "repo_deployment",
    };

    public static readonly IReadOnlyList<NeededPermission> Needed =
    [
        new("App or fine-grained token, repository: Metadata: read", "The list of repositories, and the rules of their branches.", "Nothing can be read."),
        new("App or fine-grained token, repository: Administration: read", "Deploy keys, classic branch protection, runners of repositories, workflow permissions.", "Deploy keys, classic protection, runners and workflow permissions of repositories stay unknown."),
        new("App or fine-grained token, repository: Actions: read", "Environments and OIDC subjects.", "Which environments need a reviewer, and the shape of OIDC subjects, stay unknown."),
        new("App or fine-grained token, repository: Secrets: read", "Names and dates of Actions secrets. Values cannot be read by anyone.", "Which secrets a pipeline holds stays unknown."),
        new("App or fine-grained token, repository: Dependabot secrets: read", "Names and dates of Dependabot secrets.", "Which secrets Dependabot holds stays unknown."),
        new("App or fine-grained token, repository: Environments: read", "Names and dates of environments' secrets and variables.", "Secrets and variables of environments stay unknown."),
        new("App or fine-grained token, repository: Variables: read", "Names and dates of Actions variables, and whether a value looks like a secret.", "Secrets that stand in variables stay unknown."),
        new("App or fine-grained token, repository: Webhooks: read", "Webhooks of repositories.", "Webhooks of repositories stay unknown."),
        new("App or fine-grained token, repository: Secret scanning alerts: read", "State, validity and place of leaked secrets.", "Known leaks stay unknown here."),
        new("App or fine-grained token, repository: Codespaces secrets: read", "Names and dates of Codespaces secrets, when switched on.", "Codespaces secrets stay unknown."),
        new("App or fine-grained token, repository: Pull requests: read", "Reviews of merged pull requests, for commits that evidence names.", "Whether a change was reviewed stays unknown."),
        new("App or fine-grained token, repository: Contents: read", "Which pull request brought a commit that evidence names. No content is read.", "Whether a change was reviewed stays unknown."),
        new("App or fine-grained token, organization: Administration: read", "App installations, Actions policy, OIDC subjects, audit log.", "Installed apps and the organization's policies stay unknown."),
        new("App or fine-grained token, organization: Members: read", "Members, roles and outside collaborators.", "People, and who left, stay unknown."),
        new("App or fine-grained token, organization: Secrets: read", "Names and dates of the organization's Actions secrets.", "The organization's secrets stay unknown."),
        new("App or fine-grained token, organization: Organization dependabot secrets: read", "Names and dates of the organization's Dependabot secrets.", "They stay unknown."),
        new("App or fine-grained token, organization: Organization codespaces secrets: read", "Names and dates of the organization's Codespaces secrets, when switched on.", "They stay unknown."),
        new("App or fine-grained token, organization: Variables: read", "Names and dates of the organization's Actions variables.", "They stay unknown."),
        new("App or fine-grained token, organization: Organization bypass requests for secret scanning: read", "Who asked to push a secret past push protection, and who let them (for reviewers).", "Only the bypass itself is seen, on its alert."),
        new("App or fine-grained token, organization: Organization dismissal requests for secret scanning: read", "Who asked to close a secret alert, and who let them (for reviewers).", "Only the resolution itself is seen, on its alert."),
        new("App or fine-grained token, organization: Self-hosted runners: read", "Runners and runner groups.", "Where builds run stays unknown."),
        new("App or fine-grained token, organization: Webhooks: read", "Webhooks of the organization.", "They stay unknown."),
        new("App only, organization: Personal access tokens: read", "Fine-grained tokens of members: permissions, expiry, last use.", "Fine-grained tokens stay unknown; GitHub lists them to Apps only."),
        new("App only, organization: Personal access token requests: read", "Fine-grained tokens that wait for approval.", "Requests stay unknown."),
        new("App only, enterprise: Enterprise organization installations: read", "App installations by way of the enterprise, with the repositories chosen for each, when an enterprise is named.", "App installations are then unknown; leave the enterprise empty to read each organization's own list."),
        new("Classic token: scope repo", "All lists of private repositories. GitHub has no read-only form of it.", "Only public repositories are seen."),
        new("Classic token: scope read:org", "Members, OIDC subjects and (Enterprise Cloud with SAML) authorized credentials.", "They stay unknown."),
        new("Classic token: scope admin:org", "Secrets, runners, installations and Actions policy of the organization. GitHub has no read-only form of it.", "They stay unknown."),
        new("Classic token: scope admin:org_hook", "Webhooks of the organization.", "They stay unknown."),
        new("Classic token: scope read:repo_hook", "Webhooks of repositories.", "They stay unknown."),
        new("Classic token: scope security_events", "Secret-scanning alerts and their history. The scope repo holds it already.", "Known leaks stay unknown here."),
        new("Classic token: scope read:audit_log", "The audit log, where the plan has its API.", "Who used which token when stays unknown."),
    ];

    private static readonly HashSet<string> Releasing = new(StringComparer.Ordinal)
    {
        "actions", "administration", "attestations", "artifact_metadata", "contents", "deployments", "environments", "merge_queues", "packages", "pages",
        "secrets", "workflows", "organization_administration", "organization_packages", "organization_secrets", "organization_self_hosted_runners",
        "codespaces_secrets", "dependabot_secrets", "actions_variables", "organization_actions_variables",
    };

    private static readonly HashSet<string> Administering = new(StringComparer.Ordinal)
    {
        "administration", "environments", "secrets", "dependabot_secrets", "repository_hooks", "members", "organization_administration",
        "organization_hooks", "organization_secrets", "organization_self_hosted_runners", "organization_personal_access_tokens",
        "organization_personal_access_token_requests", "organization_custom_roles", "organization_custom_org_roles", "organization_user_blocking",
        "secret_scanning_alerts", "enterprise_administration",
    };

    private static readonly HashSet<string> ReleasingScopes = new(StringComparer.Ordinal)
    {
        "repo", "public_repo", "workflow", "write:packages", "delete:packages", "delete_repo", "admin:org", "admin:enterprise", "repo_deployment", "codespace",
    };

    /// <summary>A permission of an app or of a fine-grained token.</summary>
    public static GrantObservation Grant(string permission, string level, string resource)
    {
        var writes = level is "write" or "admin";
        return new($"{Text.Clean(permission, 80)}:{Text.Clean(level, 20)}", resource, writes && Releasing.Contains(permission), writes && Administering.Contains(permission));
    }

    /// <summary>A scope of a classic token: it reaches whatever its owner reaches.</summary>
    public static GrantObservation Scope(string scope, string resource) =>
        new(Text.Clean(scope, 80), resource, ReleasingScopes.Contains(scope),
            scope.StartsWith("admin:", StringComparison.Ordinal) || scope is "repo" or "delete_repo" or "site_admin" or "manage_runners:org" or "write:org");
}
