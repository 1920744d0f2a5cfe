using System.Text.Json.Nodes;
using NhiGovernance.Sources.Connectors.GitHub;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Scopes;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>More rulesets on a branch than are asked who may bypass them: what is known of some is not said of all.</summary>
public sealed class GitHubManyRulesetsTests : IAsyncLifetime
{
    private const string Repository = "repos/acme/repo-0";
    private static readonly RepositoryPlace Place = new(new(42, "octo-org", true, false), 7, "octo-org/hello", "main", "private", false);
    private readonly ImpatientClock _clock = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private ScriptedGitHub _github = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(1, 2), _clock);

    public async ValueTask DisposeAsync() => await _github.DisposeAsync();

    [Fact]
    public void Map_SomeRulesetsUnread_NobodyFoundIsNotNobody()
    {
        BranchRuleDocument[] rules = [new("pull_request", "Repository", "x", 42, null)];
        var nobody = new RulesetDocument(42, "main", "Repository", "x", "active", [], "never");
        IReadOnlyDictionary<string, KnownValue> Facts(RulesetDocument ruleset, int unread) => BranchRules.Map(rules, Place, [new(ruleset, null)], unread).Facts;

        Facts(nobody, 0)["mayBypass"].ShouldBe(KnownValue.Of(string.Empty));
        Facts(nobody, 0)["thisSignInMayBypass"].ShouldBe(KnownValue.Of("never"));
        Facts(nobody, 0)["rulesetsRead"].ShouldBe(KnownValue.Of("all"));
        Facts(nobody, 4)["mayBypass"].ShouldBe(KnownValue.NotExposed);
        Facts(nobody, 4)["thisSignInMayBypass"].ShouldBe(KnownValue.NotExposed);
        Facts(nobody, 4)["rulesetsRead"].ShouldBe(KnownValue.Of("first 1 of 5"));

        // Whoever was found may bypass, whatever the others say.
        var some = nobody with { BypassActors = [new(234, "Team", "always")], CurrentUserCanBypass = "always" };
        Facts(some, 4)["mayBypass"].ShouldBe(KnownValue.Of("Team:234 (always)"));
        Facts(some, 4)["thisSignInMayBypass"].ShouldBe(KnownValue.Of("always"));
        Facts(nobody with { BypassActors = null }, 4)["mayBypass"].State.ShouldBe(Knowledge.Denied);
    }

    [Fact]
    public async Task ReadAsync_MoreRulesetsThanAreAsked_SaysSoOnTheRun()
    {
        // One is there already, by the number 5.
        for (var id = 5; id < 5 + BranchRules.MostRulesets + 3; id++)
        {
            _github.Organization.Documents[$"{Repository}/rulesets/{id}"] = JsonNode.Parse($$"""{"id":{{id}},"name":"r","enforcement":"active","bypass_actors":[],"current_user_can_bypass":"never"}""")!;
            if (id > 5)
            {
                _github.Organization.Add($"{Repository}/rules/branches/main", $$"""{"type":"deletion","ruleset_source_type":"Repository","ruleset_source":"x","ruleset_id":{{id}}}""");
            }
        }

        var polls = new GitHubPolls(_github.Address, _clock);
        var events = await polls.PollAsync(Stop);
        events.OfType<ScopeEnded>().Single(e => e.Scope.Kind == "branch-rules").Outcome.ShouldBe(ScopeOutcome.Complete);
        var facts = events.OfType<ScopePage>().Single(p => p.Scope.Kind == "branch-rules").Observations.OfType<ResourceObservation>().Single().Facts;
        facts["mayBypass"].ShouldBe(KnownValue.NotExposed);
        facts["rulesetsRead"].ShouldBe(KnownValue.Of("first 30 of 33"));
        facts["blocksDeletion"].ShouldBe(KnownValue.Of(true));
        polls.Notes.ShouldContain("Who may bypass the rules of acme/repo-0 was read of its first 30 rulesets; of 3 more it is not known.");
        _github.Requests.Count(r => r.Contains("/rulesets/", StringComparison.Ordinal)).ShouldBe(BranchRules.MostRulesets);
        _github.Requests.ShouldNotContain(r => r.Contains("/rulesets/35?", StringComparison.Ordinal));
    }
}
