using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>A permission that is missing: its list is Denied, never empty, and says what to grant; for every list of table 3.1.</summary>
public sealed class GitHubDeniedTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("repo-0/keys", "deploy-keys", "acme/repo-0")]
    [InlineData("acme/installations", "app-installations", "acme")]
    [InlineData("acme/personal-access-tokens", "fine-grained-tokens", "acme")]
    [InlineData("acme/personal-access-token-requests", "fine-grained-token-requests", "acme")]
    [InlineData("acme/credential-authorizations", "sso-credentials", "acme")]
    [InlineData("acme/actions/secrets", "organization-actions-secrets", "acme")]
    [InlineData("acme/dependabot/secrets", "organization-dependabot-secrets", "acme")]
    [InlineData("acme/dependabot/secrets/CHOSEN/repositories", "organization-dependabot-secrets", "acme")]
    [InlineData("acme/codespaces/secrets", "organization-codespaces-secrets", "acme")]
    [InlineData("acme/codespaces/secrets/SPACE_2/repositories", "organization-codespaces-secrets", "acme")]
    [InlineData("repo-0/actions/secrets", "actions-secrets", "acme/repo-0")]
    [InlineData("repo-0/dependabot/secrets", "dependabot-secrets", "acme/repo-0")]
    [InlineData("repo-0/codespaces/secrets", "codespaces-secrets", "acme/repo-0")]
    [InlineData("production/secrets", "environment-secrets", "acme/repo-0")]
    [InlineData("acme/actions/variables", "organization-actions-variables", "acme")]
    [InlineData("VAR_2/repositories", "organization-actions-variables", "acme")]
    [InlineData("repo-0/actions/variables", "actions-variables", "acme/repo-0")]
    [InlineData("production/variables", "environment-variables", "acme/repo-0")]
    [InlineData("acme/actions/runners", "organization-runners", "acme")]
    [InlineData("acme/actions/runner-groups", "runner-groups", "acme")]
    [InlineData("repo-0/actions/runners", "runners", "acme/repo-0")]
    [InlineData("acme/hooks", "organization-webhooks", "acme")]
    [InlineData("/deliveries", "webhooks", "acme/repo-0")]
    [InlineData("repo-0/hooks", "webhooks", "acme/repo-0")]
    [InlineData("acme/secret-scanning/alerts", "organization-secret-alerts", "acme")]
    [InlineData("repo-0/secret-scanning/alerts/3/locations", "organization-secret-alerts", "acme")]
    [InlineData("repo-0/secret-scanning/scan-history", "secret-scan-history", "acme/repo-0")]
    [InlineData("acme/bypass-requests/secret-scanning", "bypass-requests", "acme/2026-W23")]
    [InlineData("acme/dismissal-requests/secret-scanning", "dismissal-requests", "acme/2026-W23")]
    [InlineData("acme/actions/oidc/customization/sub", "organization-oidc-subject", "acme")]
    [InlineData("repo-0/actions/oidc/customization/sub", "oidc-subject", "acme/repo-0")]
    [InlineData("repo-0/actions/permissions", "pipeline", "acme/repo-0")]
    [InlineData("repo-0/actions/permissions/workflow", "pipeline", "acme/repo-0")]
    [InlineData("acme/actions/permissions", "organization-pipeline", "acme")]
    [InlineData("acme/actions/permissions/workflow", "organization-pipeline", "acme")]
    [InlineData("repo-0/actions/permissions/fork-pr-workflows-private-repos", "pipeline", "acme/repo-0")]
    [InlineData("repo-0/actions/permissions/selected-actions", "pipeline", "acme/repo-0")]
    [InlineData("repo-1/actions/permissions/fork-pr-contributor-approval", "pipeline", "acme/repo-1")]
    [InlineData("acme/actions/permissions/fork-pr-contributor-approval", "organization-pipeline", "acme")]
    [InlineData("acme/actions/permissions/selected-actions", "organization-pipeline", "acme")]
    [InlineData("rules/branches/main", "branch-rules", "acme/repo-0")]
    [InlineData("repo-0/rulesets/5", "branch-rules", "acme/repo-0")]
    [InlineData("branches/main/protection", "branch-protection", "acme/repo-0")]
    [InlineData("repo-0/environments", "environments", "acme/repo-0")]
    [InlineData("repo-0/environments/production/deployment-branch-policies", "environments", "acme/repo-0")]
    [InlineData("acme/members", "members", "acme")]
    [InlineData("acme/outside_collaborators", "outside-collaborators", "acme")]
    [InlineData("acme/audit-log", "audit-log", "acme")]
    public async Task ReadAsync_PermissionMissing_TheListIsDeniedAndOthersAreRead(string path, string kind, string place)
    {
        var clock = new ImpatientClock(Start);
        await using var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(2, 3, everything: true), clock);
        github.Denied[path] = "some_thing=read";
        var polls = new GitHubPolls(github.Address, clock, ("auditLog", "true"), ("codespacesSecrets", "true"));
        if (path.Contains("personal-access", StringComparison.Ordinal))
        {
            ScriptedApp.SignIn(polls, github);
        }

        var ends = (await polls.PollAsync(Stop)).OfType<ScopeEnded>().ToDictionary(e => e.Scope);
        ends[new(kind, place)].ShouldBe(ScopeEnded.Denied(new(kind, place), "Some thing: read"));
        ends.Values.Count(e => e.Outcome == ScopeOutcome.Complete).ShouldBeGreaterThan(20);
    }
}
