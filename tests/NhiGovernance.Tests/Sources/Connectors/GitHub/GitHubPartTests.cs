using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NhiGovernance.Sources.Connectors.GitHub;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Scopes;
using NhiGovernance.Sources.Contract;
using Shared = NhiGovernance.Tests.Fixtures.Repository;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>What hangs on another list: deliveries, chosen repositories, rulesets, scans, variables, requests.</summary>
public sealed class GitHubPartTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly OwnerPlace Owner = new(42, "octo-org", true, false);
    private static readonly RepositoryPlace Place = new(Owner, 7, "octo-org/hello", "main", "private", false);
    private static readonly Lazy<JsonDocument> Description = new(() => JsonDocument.Parse(File.ReadAllBytes(Shared.Document("github/api.github.com.openapi.min.json"))));
    private readonly ImpatientClock _clock = new(Start);
    private ScriptedGitHub _github = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(1, 3), _clock);

    public async ValueTask DisposeAsync() => await _github.DisposeAsync();

    [Fact]
    public void Variables_Examples_AreJudgedAndDropped()
    {
        var variables = Example("organization-actions-variables-paginated", GitHubJson.Default.VariablesDocument).Variables!
            .Select(v => CiVariables.Map(v, "organization:42", Owner.Reference)).ToList();
        variables.Select(v => v.NaturalKey).ShouldBe(["variable:organization:42:USERNAME", "variable:organization:42:ACTIONS_RUNNER_DEBUG", "variable:organization:42:ADMIN_EMAIL"]);
        variables.ShouldAllBe(v => v.Facts["value"] == KnownValue.Redacted && v.Facts["looksLikeSecret"] == KnownValue.Of(false) && v.Facts["writtenBy"] == KnownValue.NotExposed);
        JsonSerializer.Serialize(variables, JsonSerializerOptions.Default).ShouldNotContain("octocat");
        var leaked = JsonSerializer.Deserialize("""{"name":"KEY","value":"AKIA ghp_abcdefghijklmnopqrstuvwxyz0123456789"}""", GitHubJson.Default.VariableDocument)!;
        CiVariables.Map(leaked, "repository:7", Place.Reference).Facts["looksLikeSecret"].ShouldBe(KnownValue.Of(true));
    }

    [Fact]
    public void Deliveries_Example_NewestIsTheLastUse()
    {
        var deliveries = Example("hook-delivery-items", GitHubJson.Default.HookDeliveryDocumentArray);
        var hook = Example("org-hook-items", GitHubJson.Default.HookDocumentArray).Single();
        var at = new DateTimeOffset(2019, 6, 4, 0, 57, 16, TimeSpan.Zero);
        var identity = NhiGovernance.Sources.Connectors.GitHub.Scopes.Webhooks.Map(hook, Owner.Reference, new(deliveries, null), at).OfType<IdentityObservation>().Single();
        identity.LastUsedAt.ShouldBe(KnownValue.Of(at));
        identity.Facts["lastResponse"].ShouldBe(KnownValue.Of(200));
        identity.Facts["lastEvent"].ShouldBe(KnownValue.Of("issues"));
        NhiGovernance.Sources.Connectors.GitHub.Scopes.Webhooks.Map(hook, Owner.Reference, new(null, "Webhooks: read"), null)
            .OfType<IdentityObservation>().Single().LastUsedAt.ShouldBe(KnownValue.Denied("Webhooks: read"));
    }

    [Fact]
    public void Webhooks_SecretSetOrNot_IsToldAndNeverKept()
    {
        IReadOnlyList<Observation> Of(string config) =>
            [.. NhiGovernance.Sources.Connectors.GitHub.Scopes.Webhooks.Map(
                JsonSerializer.Deserialize($$"""[{"id":1,"config":{{config}}}]""", GitHubJson.Default.HookDocumentArray)!.Single(), Owner.Reference, new(null, null), null)];
        Of("""{"url":"https://x.example","secret":"********"}""").OfType<CredentialObservation>().ShouldHaveSingleItem();
        Of("""{"url":"https://x.example","secret":"********"}""").OfType<IdentityObservation>().Single().Facts["secretSet"].ShouldBe(KnownValue.Of(true));
        foreach (var none in new[] { """{"url":"https://x.example"}""", """{"url":"https://x.example","secret":""}""", """{"url":"https://x.example","secret":null}""" })
        {
            // There is no secret, so there is no credential.
            Of(none).ShouldHaveSingleItem().ShouldBeOfType<IdentityObservation>().Facts["secretSet"].ShouldBe(KnownValue.Of(false));
        }
    }

    [Fact]
    public void Rulesets_Examples_SayWhoMayBypass()
    {
        var ruleset = Example("repository-ruleset", GitHubJson.Default.RulesetDocument);
        BranchRuleDocument[] rules = [new("pull_request", "Repository", "x", 42, null)];
        BranchRules.Map(rules, Place, [new(ruleset, null)]).Facts["mayBypass"].ShouldBe(KnownValue.Of("Team:234 (always)"));
        BranchRules.Map(rules, Place, [new(ruleset with { BypassActors = [] }, null)]).Facts["mayBypass"].ShouldBe(KnownValue.Of(string.Empty));

        // GitHub leaves the list out for those who may not edit the ruleset: that is not "nobody".
        BranchRules.Map(rules, Place, [new(ruleset, null), new(ruleset with { BypassActors = null }, null)]).Facts["mayBypass"].State.ShouldBe(Knowledge.Denied);
        BranchRules.Map(rules, Place, [new(null, null)]).Facts["mayBypass"].ShouldBe(KnownValue.NotExposed);
    }

    /// <summary>Enterprise Cloud's lists are not in the description of github.com; these are the examples of its pages.</summary>
    [Fact]
    public void AuthorizedCredentials_AsDocumented_KeepUseAndExpiryAndNoPartOfTheToken()
    {
        const string documented = """
            [{"login":"monalisa","credential_id":161195,"credential_type":"personal access token","token_last_eight":"71c3fc11","credential_authorized_at":"2011-01-26T19:06:43Z","credential_accessed_at":"2011-01-26T19:06:43Z","authorized_credential_id":12345678,"authorized_credential_title":null,"authorized_credential_note":"laptop","authorized_credential_expires_at":"2011-02-25T19:06:43Z","scopes":["user","repo"]},
             {"login":"hubot","credential_id":161196,"credential_type":"personal access token","token_last_eight":"Ae178B4a","credential_authorized_at":"2019-03-29T19:06:43Z","credential_accessed_at":null,"authorized_credential_expires_at":null,"scopes":["admin:org"]},
             {"login":"octocat","credential_id":161197,"credential_type":"SSH key","fingerprint":"jklmnop12345678","credential_authorized_at":"2011-01-26T19:06:43Z","credential_accessed_at":"2011-01-26T19:06:43Z","authorized_credential_title":"my ssh key"}]
            """;
        var mapped = JsonSerializer.Deserialize(documented, GitHubJson.Default.AuthorizedCredentialDocumentArray)!.SelectMany(c => AuthorizedCredentials.Map(c, Owner)).ToList();
        var identities = mapped.OfType<IdentityObservation>().ToList();
        identities.Select(i => i.Name).ShouldBe(["laptop of monalisa", "token 161196 of hubot", "my ssh key of octocat"]);
        identities.Select(i => i.LastUsedAt.State).ShouldBe([Knowledge.Value, Knowledge.Never, Knowledge.Value]);
        identities[1].LastUsedAt.Since.ShouldBe(new DateTimeOffset(2019, 3, 29, 19, 6, 43, TimeSpan.Zero));
        identities.Select(i => i.ExpiresAt.State).ShouldBe([Knowledge.Value, Knowledge.Never, Knowledge.Never]);
        identities.ShouldAllBe(i => i.CreatedAt == KnownValue.NotExposed);
        identities[0].Grants.Single(g => g.Permission == "repo").AltersRelease.ShouldBeTrue();
        identities[1].Grants.Single().Privileged.ShouldBeTrue();
        identities[2].JoinKeys.ShouldBe(["ssh:jklmnop12345678"]);
        mapped.OfType<CredentialObservation>().Select(c => c.Kind).ShouldBe([CredentialKind.ClassicToken, CredentialKind.ClassicToken, CredentialKind.SshKey]);
        var text = JsonSerializer.Serialize(mapped.ConvertAll<object>(o => o));
        text.ShouldNotContain("71c3fc11");
        text.ShouldNotContain("Ae178B4a");
    }

    [Fact]
    public void SecretScanHistory_Example_SaysWhatWasSearched()
    {
        var facts = SecretScanHistory.Map(Example("secret-scanning-scan-history", GitHubJson.Default.ScanHistoryDocument), Place).Facts;
        facts["searched"].ShouldBe(KnownValue.Of("discussion, git, issue"));
        facts["unfinished"].ShouldBe(KnownValue.Of("discussion"));
        facts["wholeHistoryScanned"].ShouldBe(KnownValue.Of(new DateTimeOffset(2024, 10, 7, 2, 50, 0, TimeSpan.Zero)));
        facts["lastIncrementalScan"].IsTally.ShouldBeTrue();
        SecretScanHistory.Map(new(null, null, null, null), Place).Facts["wholeHistoryScanned"].ShouldBe(KnownValue.Never());
    }

    [Fact]
    public async Task ReadAsync_PartsOfLists_AreReadToTheirEndAndKept()
    {
        var polls = new GitHubPolls(_github.Address, _clock);
        var events = await polls.PollAsync(Stop);
        var all = events.OfType<ScopePage>().SelectMany(p => p.Observations).ToList();
        IReadOnlyDictionary<string, KnownValue> Facts(string key) => all.Where(o => o.NaturalKey == key).Select(o => o switch
        {
            IdentityObservation i => i.Facts, CredentialObservation c => c.Facts, ResourceObservation r => r.Facts, _ => null!,
        }).Single();
        const string Chosen = "acme/chosen-0, acme/chosen-1, acme/chosen-2";
        Facts("variable:organization:4242:VAR_2")["repositories"].ShouldBe(KnownValue.Of(Chosen));
        Facts("variable:organization:4242:VAR_0")["repositories"].ShouldBe(KnownValue.Of("all"));
        Facts("variable:organization:4242:VAR_0")["looksLikeSecret"].ShouldBe(KnownValue.Of(true));
        Facts("secret:dependabot:organization:4242:CHOSEN")["repositories"].ShouldBe(KnownValue.Of(Chosen));
        all.OfType<IdentityObservation>().Single(i => i.Kind == IdentityKind.RunnerGroup).Grants.Select(g => g.Resource).ShouldBe(["acme/chosen-0", "acme/chosen-1", "acme/chosen-2"]);
        all.OfType<ResourceObservation>().Single(r => r.NaturalKey.StartsWith("branch-rules:", StringComparison.Ordinal)).Facts["mayBypass"].ShouldBe(KnownValue.Of("Team:234 (always)"));
        all.OfType<ResourceObservation>().ShouldContain(r => r.Kind == ResourceKind.SecretScan);
        var hooks = all.OfType<IdentityObservation>().Where(i => i.Kind == IdentityKind.Webhook).ToList();
        hooks.Count.ShouldBe(4);
        hooks.ShouldAllBe(h => h.LastUsedAt.Text == "2026-05-01T00:00:00.000Z");
        _github.Requests.ShouldContain(r => r.Contains("/actions/variables?per_page=2", StringComparison.Ordinal));

        // GitHub keeps three days of deliveries; what was seen before stays known.
        _github.Extra = async http =>
        {
            var empty = http.Request.Path.Value!.EndsWith("/deliveries", StringComparison.Ordinal);
            if (empty)
            {
                await ScriptedGitHub.WriteAsync(http, 200, "[]");
            }

            return empty;
        };
        _clock.Advance(TimeSpan.FromHours(25));
        (await polls.PollAsync(Stop)).OfType<ScopePage>().SelectMany(p => p.Observations).OfType<IdentityObservation>().Where(i => i.Kind == IdentityKind.Webhook)
            .ShouldAllBe(h => h.LastUsedAt.Text == "2026-05-01T00:00:00.000Z");
    }

    [Fact]
    public async Task ReadAsync_RequestsOlderThanAMonth_AreInWeeksThatAreNotReadAgain()
    {
        var polls = new GitHubPolls(_github.Address, _clock);
        var events = await polls.PollAsync(Stop);
        List<string> Weeks(IEnumerable<ReadEvent> from) => [.. from.OfType<ScopeEnded>().Where(e => e.Scope.Kind == "bypass-requests").Select(e => $"{e.Scope.Place} {e.Outcome}").Order(StringComparer.Ordinal)];
        Weeks(events).ShouldBe(["acme/2026-W20 Complete", "acme/2026-W21 Complete", "acme/2026-W22 Complete", "acme/2026-W23 Complete"]);
        var requests = events.OfType<ScopePage>().Where(p => p.Scope.Kind == "bypass-requests").SelectMany(p => p.Observations.Select(o => (p.Scope.Place, o))).ToList();
        requests.Select(r => r.Place).Order(StringComparer.Ordinal).ShouldBe(["acme/2026-W22", "acme/2026-W22", "acme/2026-W23"]);
        var one = (ResourceObservation)requests[0].o;
        one.Kind.ShouldBe(ResourceKind.BypassRequest);
        one.Facts["reviewers"].ShouldBe(KnownValue.Of("boss:approved"));
        one.Facts["requester"].ShouldBe(KnownValue.Of("person-0"));

        _clock.Advance(TimeSpan.FromDays(28));
        Weeks(await polls.PollAsync(Stop)).ShouldBe(["acme/2026-W24 Complete", "acme/2026-W25 Complete", "acme/2026-W26 Complete", "acme/2026-W27 Complete"]);
        _github.Requests.Where(r => r.Contains("bypass-requests", StringComparison.Ordinal)).ShouldAllBe(r => r.Contains("time_period=month", StringComparison.Ordinal));
    }

    private static T Example<T>(string name, JsonTypeInfo<T> type) =>
        Description.Value.RootElement.GetProperty("components").GetProperty("examples").GetProperty(name).GetProperty("value").Deserialize(type)!;
}
