using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NhiGovernance.Sources.Connectors.GitHub;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Scopes;
using NhiGovernance.Sources.Contract;
using Hooks = NhiGovernance.Sources.Connectors.GitHub.Scopes.Webhooks;
using Shared = NhiGovernance.Tests.Fixtures.Repository;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>The mappers on GitHub's own examples: the description's, recorded answers, webhooks.</summary>
public sealed class GitHubDocumentTests
{
    private static readonly OwnerPlace Owner = new(42, "octo-org", true, false);
    private static readonly RepositoryPlace Place = new(Owner, 7, "octo-org/hello", "main", "private", false);
    private static readonly Lazy<JsonDocument> Description = new(() => JsonDocument.Parse(File.ReadAllBytes(Shared.Document("github/api.github.com.openapi.min.json"))));

    [Fact]
    public void DeployKeys_Example_KeepsLastUseAndAdder()
    {
        var identity = Example("deploy-key-items", GitHubJson.Default.DeployKeyDocumentArray).SelectMany(k => DeployKeys.Map(k, Place)).OfType<IdentityObservation>().Single();
        identity.NaturalKey.ShouldBe("deploy-key:1");
        identity.LastUsedAt.Instant.ShouldBe(new DateTimeOffset(2022, 1, 10, 15, 53, 42, TimeSpan.Zero));
        identity.ExpiresAt.State.ShouldBe(Knowledge.Never);
        identity.Facts["addedBy"].ShouldBe(KnownValue.Of("octocat"));
        identity.Grants.ShouldHaveSingleItem().AltersRelease.ShouldBeFalse();
    }

    [Fact]
    public void DeployKeys_OfWebhook_HaveOpenSshFingerprint()
    {
        using var hook = JsonDocument.Parse(File.ReadAllBytes(Shared.Document("github/webhooks/deploy_key.json")));
        var key = hook.RootElement.GetProperty("examples")[0].GetProperty("key").Deserialize(GitHubJson.Default.DeployKeyDocument)!;
        var credential = DeployKeys.Map(key, Place).OfType<CredentialObservation>().Single();
        credential.KeyIds.ShouldHaveSingleItem().ShouldMatch("^SHA256:[A-Za-z0-9+/]{43}$");
        credential.LastUsedAt.State.ShouldBe(Knowledge.Never);
        DeployKeys.Map(key with { ReadOnly = false }, Place).OfType<IdentityObservation>().Single().Grants.Single().AltersRelease.ShouldBeTrue();
    }

    [Fact]
    public void AppInstallations_Example_MarksWhatAltersARelease()
    {
        var identity = Example("installation-paginated", GitHubJson.Default.InstallationsDocument).Installations!.SelectMany(i => AppInstallations.Map(i, Owner)).OfType<IdentityObservation>().Single();
        identity.JoinKeys.ShouldContain("github:app:2218");
        identity.CreatedAt.Text.ShouldBe("2017-05-16T15:47:09.000Z");
        identity.Grants.Single(g => g.Permission == "deployments:write").AltersRelease.ShouldBeTrue();
        identity.Grants.Single(g => g.Permission == "metadata:read").AltersRelease.ShouldBeFalse();
        identity.LastUsedAt.State.ShouldBe(Knowledge.NotExposed);
    }

    [Fact]
    public void FineGrainedTokens_Example_CreationIsNotExposedAndApprovalIsAFact()
    {
        var identity = Example("org-pat-grant-paginated", GitHubJson.Default.FineGrainedTokenDocumentArray).SelectMany(t => FineGrainedTokens.Map(t, Owner)).OfType<IdentityObservation>().Single();
        identity.CreatedAt.State.ShouldBe(Knowledge.NotExposed);
        identity.Facts["accessGrantedAt"].State.ShouldBe(Knowledge.Value);
        identity.LastUsedAt.State.ShouldBe(Knowledge.Never);
        identity.ExpiresAt.State.ShouldBe(Knowledge.Value);
        var request = Example("org-pat-grant-request-paginated", GitHubJson.Default.FineGrainedTokenDocumentArray).Select(t => FineGrainedTokenRequests.Map(t, Owner)).Single();
        request.Facts["reason"].ShouldBe(KnownValue.Redacted);
        request.Facts["permissions"].Text!.ShouldContain("members:read");
    }

    [Theory]
    [InlineData("organization-actions-secret-paginated", 3)]
    [InlineData("organization-dependabot-secret-paginated", 3)]
    [InlineData("repo-codespaces-secret-paginated", 2)]
    [InlineData("actions-secret-paginated", 2)]
    [InlineData("dependabot-secret-paginated", 2)]
    public void CiSecrets_Example_LastUseAndExpiryAreNotExposed(string example, int count)
    {
        var secrets = Example(example, GitHubJson.Default.SecretsDocument).Secrets!.Select(s => CiSecrets.Map(s, "actions", "organization:42", "pipeline:x")).ToList();
        secrets.Count.ShouldBe(count);
        secrets.ShouldAllBe(s => s.LastUsedAt == KnownValue.NotExposed && s.ExpiresAt == KnownValue.NotExposed && s.CreatedAt.State == Knowledge.Value
            && s.Facts["writtenAt"].State == Knowledge.Value);
    }

    [Fact]
    public void Runners_Examples_KeepLabelsAndReach()
    {
        var runners = Example("runner-paginated", GitHubJson.Default.RunnersDocument).Runners!.Select(r => Runners.Map(r, Owner.Reference, "octo-org/*")).ToList();
        runners[1].Facts["labels"].Text.ShouldBe("X64, macOS, no-gpu, self-hosted");
        runners[0].Facts["ephemeral"].ShouldBe(KnownValue.Of(false));
        runners.ShouldAllBe(r => r.CreatedAt == KnownValue.NotExposed && r.Facts.Keys.All(k => k != "busy"));
        var groups = Example("runner-groups-org", GitHubJson.Default.RunnerGroupsDocument).RunnerGroups!.Select(g => OrganizationRunnerGroups.Map(g, Owner, ["octo-org/a"])).ToList();
        groups.Select(g => g.Grants.Single().Resource).ShouldBe(["octo-org/*", "octo-org/a", "octo-org/* (private)"]);
        groups[1].NaturalKey.ShouldBe("runner-group:42:2");
    }

    [Fact]
    public void Webhooks_Examples_KeepHostOnly()
    {
        var hooks = Example("org-hook-items", GitHubJson.Default.HookDocumentArray).Concat(Example("hook-items", GitHubJson.Default.HookDocumentArray))
            .SelectMany(h => Hooks.Map(h, Owner.Reference, new(null, null), null)).OfType<IdentityObservation>().ToList();
        hooks[0].Facts["encrypted"].ShouldBe(KnownValue.Of(false));
        hooks[0].Facts["insecureSsl"].ShouldBe(KnownValue.NotExposed);
        hooks[1].Facts["insecureSsl"].ShouldBe(KnownValue.Of(false));
        hooks[1].Facts["lastResponse"].State.ShouldBe(Knowledge.Never);
        hooks[0].Facts["secretSet"].ShouldBe(KnownValue.Of(false));
        hooks.ShouldAllBe(h => h.Facts["address"] == KnownValue.Redacted && !JsonSerializer.Serialize(h, JsonSerializerOptions.Default).Contains("/webhook\"", StringComparison.Ordinal));
    }

    [Fact]
    public void SecretAlerts_Example_HoldNoSecretButTheirPlace()
    {
        var raw = Raw("organization-secret-scanning-alert-list").GetRawText();
        var secrets = Raw("organization-secret-scanning-alert-list").EnumerateArray().Select(a => a.GetProperty("secret").GetString()!).ToList();
        secrets.ShouldAllBe(s => raw.Contains(s, StringComparison.Ordinal));
        var alerts = Example("organization-secret-scanning-alert-list", GitHubJson.Default.SecretAlertDocumentArray);
        var locations = Example("secret-scanning-location-list", GitHubJson.Default.AlertLocationDocumentArray);
        var mapped = alerts.Select(a => SecretAlert.Map(a, Repositories.Place(a.Repository!, Owner)!, locations)).ToList();
        var text = JsonSerializer.Serialize(mapped, JsonSerializerOptions.Default);
        secrets.ShouldAllBe(s => !text.Contains(s, StringComparison.Ordinal));
        mapped.ShouldAllBe(m => m.Facts["secret"] == KnownValue.Redacted && m.Facts["state"].State == Knowledge.Value);
        mapped.ShouldContain(m => m.Facts["firstLocation"].Text == "/example/secrets.txt:1 at f14d7debf977");
        mapped[0].Facts["locations"].Text!.ShouldContain("issue_body /repos/octocat/Hello-World/issues/1347");
        mapped[0].Facts["locationsRead"].Text.ShouldBe("all");
    }

    [Fact]
    public void SecretAlerts_WhosePlacesWereNotAllRead_SayHowMany()
    {
        var alert = Example("organization-secret-scanning-alert-list", GitHubJson.Default.SecretAlertDocumentArray).First(a => a.FirstLocationDetected is not null);
        var place = Repositories.Place(alert.Repository!, Owner)!;
        var one = Example("secret-scanning-location-list", GitHubJson.Default.AlertLocationDocumentArray)[..1];
        AlertLocationDocument[] Places(int count) => [.. Enumerable.Repeat(one[0], count)];
        string Said(bool? more, AlertLocationDocument[]? locations) => SecretAlert.Map(alert with { HasMoreLocations = more }, place, locations).Facts["locationsRead"].Text!;

        Said(false, null).ShouldBe("all");
        SecretAlert.Map(alert with { HasMoreLocations = false }, place, null).Facts["locations"].Text.ShouldBe("/example/secrets.txt:1 at f14d7debf977");
        Said(true, null).ShouldBe("first only");
        Said(null, null).ShouldBe("first only");
        Said(true, Places(57)).ShouldBe("first 20 of 57");
        Said(true, Places(500)).ShouldBe("first 20 of 500 or more");
        SecretAlert.Map(alert with { FirstLocationDetected = null, State = "resolved" }, place, null).Facts["locationsRead"].Text.ShouldBe("none");
    }

    [Fact]
    public void BranchProtection_Examples_AnswerWhatRulesAsk()
    {
        var classic = BranchProtection.Map(Example("branch-protection", GitHubJson.Default.BranchProtectionDocument), Place).Facts;
        classic["approvals"].ShouldBe(KnownValue.Of(2));
        classic["enforcedForAdmins"].ShouldBe(KnownValue.Of(true));
        classic["blocksForcePush"].ShouldBe(KnownValue.Of(false));
        BranchProtection.Map(null, Place).Facts["protected"].ShouldBe(KnownValue.Of(false));
        var rules = BranchRules.Map(Example("repository-rule-items", GitHubJson.Default.BranchRuleDocumentArray), Place, []).Facts;
        rules["rules"].Text.ShouldBe("commit_author_email_pattern, commit_message_pattern");
        rules["requiresPullRequest"].ShouldBe(KnownValue.Of(false));
    }

    [Fact]
    public void BranchProtection_RecordedAnswers_AreRead()
    {
        using var recorded = JsonDocument.Parse(File.ReadAllBytes(Shared.Document("github/fixtures/branch-protection.json")));
        var answers = recorded.RootElement.EnumerateArray().Where(r => r.GetProperty("status").GetInt32() == 200)
            .Select(r => r.GetProperty("response").Deserialize(GitHubJson.Default.BranchProtectionDocument)!).Select(p => BranchProtection.Map(p, Place).Facts).ToList();
        answers[0]["requiresPullRequest"].ShouldBe(KnownValue.Of(false));
        answers[1]["dismissesStale"].ShouldBe(KnownValue.Of(true));
        answers[1]["requiredChecks"].ShouldBe(KnownValue.Of("foo/bar"));
        answers[1]["mayPush"].Text!.ShouldContain("octokit-fixture-user-a");
    }

    [Fact]
    public void EnvironmentsAndPolicies_Examples_AreRead()
    {
        var environment = Example("environments", GitHubJson.Default.EnvironmentsDocument).Environments!.Single();
        var policies = Example("deployment-branch-policies-list", GitHubJson.Default.BranchPoliciesDocument).BranchPolicies!.Select(p => p.Name!).ToList();
        var facts = Environments.Map(environment, Place, policies).Facts;
        facts["requiredReviewers"].Text.ShouldBe("team:justice-league, user:octocat");
        facts["waitMinutes"].ShouldBe(KnownValue.Of(30));
        facts["branches"].Text.ShouldBe("main, release/*");
        facts["branchPolicy"].Text.ShouldBe("custom");
    }

    [Fact]
    public void Pipelines_Examples_GrantWhatTheJobTokenMay()
    {
        var policy = Example("actions-repository-permissions", GitHubJson.Default.ActionsPermissionsDocument);
        var workflow = Example("actions-default-workflow-permissions", GitHubJson.Default.WorkflowPermissionsDocument);
        var selected = Example("selected-actions", GitHubJson.Default.SelectedActionsDocument);
        var pipeline = Pipelines.Map(Place, "https://token.actions.githubusercontent.com", new(policy, null), new(workflow, null), new(selected, null),
            new(Example("actions-fork-pr-contributor-approval", GitHubJson.Default.ForkApprovalDocument), null),
            new(Example("actions-fork-pr-workflows-private-repos", GitHubJson.Default.PrivateForksDocument), null));
        pipeline.Facts.Where(f => f.Key.StartsWith("forks", StringComparison.Ordinal)).Select(f => (f.Key, f.Value.Text)).ShouldBe(
            [("forksRunWorkflows", "true"), ("forksGetWriteTokens", "false"), ("forksGetSecrets", "false"), ("forksNeedApproval", "true")]);
        pipeline.Facts["forkApproval"].ShouldBe(KnownValue.Of("first_time_contributors"));
        pipeline.Grants.ShouldContain(g => g.Permission == "pull_requests:approve" && g.AltersRelease);
        pipeline.Grants.ShouldContain(g => g.Permission == "contents:read" && !g.AltersRelease);
        pipeline.Facts["allowedPatterns"].Text.ShouldBe("docker/*, monalisa/octocat@*");
        pipeline.Facts["shaPinningRequired"].ShouldBe(KnownValue.Of(true));
        pipeline.JoinKeys.ShouldContain("oidc:https://token.actions.githubusercontent.com|repo:octo-org/hello");
        OidcSubjects.Map(Example("oidc-custom-sub-repo", GitHubJson.Default.OidcSubjectDocument), Place, "i").Facts["claimKeys"].Text.ShouldBe("repo, context");
    }

    [Fact]
    public void RepositoriesAndMembers_Examples_AreRead()
    {
        var repository = Example("minimal-repository-items", GitHubJson.Default.RepositoryDocumentArray).Single();
        var place = Repositories.Place(repository, Owner)!;
        place.FullName.ShouldBe("octocat/Hello-World");
        Repositories.Map(repository, place, true).Facts["visibility"].Text.ShouldBe("public");
        Repositories.Map(repository with { SecurityAndAnalysis = null }, place, true).Facts["secretScanning"].ShouldBe(KnownValue.Denied("Administration: read"));
        var person = Members.Map(Example("simple-user-items", GitHubJson.Default.AccountDocumentArray).Single(), Owner, "admin", null);
        person.Facts["twoFactor"].State.ShouldBe(Knowledge.Denied);
        person.Login.ShouldBe("octocat");
    }

    private static T Example<T>(string name, JsonTypeInfo<T> type) => Raw(name).Deserialize(type)!;

    private static JsonElement Raw(string name) =>
        Description.Value.RootElement.GetProperty("components").GetProperty("examples").GetProperty(name).GetProperty("value");
}
