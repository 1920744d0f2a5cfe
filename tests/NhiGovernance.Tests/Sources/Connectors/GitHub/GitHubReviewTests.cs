using System.Text.Json.Nodes;
using NhiGovernance.Sources.Connectors.GitHub;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

public sealed class GitHubReviewTests : IAsyncLifetime
{
    private const string Commit = "f14d7debf9775f957cf4f1e8176da0786431f72b";
    private readonly ImpatientClock _clock = new(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private ScriptedGitHub _github = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var organization = new ScriptedOrganization(1, 1);
        organization.List($"repos/acme/repo-0/commits/{Commit}/pulls", null, new("x", "x"), i => $"{i["id"]}");
        organization.Add($"repos/acme/repo-0/commits/{Commit}/pulls", $$"""{"number":12,"merged_at":"2026-01-01T00:00:00Z","user":{"id":1,"login":"author"},"head":{"sha":"{{Commit}}"},"base":{"ref":"main"},"merge_commit_sha":"{{Commit}}"}""");
        organization.Add($"repos/acme/repo-0/commits/{Commit}/pulls", """{"number":13,"merged_at":null}""");
        organization.List("repos/acme/repo-0/pulls/12/reviews", null, new("y", "y"), i => $"{i["id"]}");
        for (var n = 0; n < 5; n++)
        {
            organization.Add("repos/acme/repo-0/pulls/12/reviews", $$$"""{"user":{"id":{{{n}}},"login":"r{{{n}}}"},"state":"APPROVED","submitted_at":"2026-01-01T00:00:00Z","commit_id":"{{{Commit}}}","body":"{{{ScriptedOrganization.Canary}}}"}""");
        }

        organization.Documents["repos/acme/repo-0/actions/runs/30/approvals"] = JsonNode.Parse($$$"""[{"state":"approved","comment":"{{{ScriptedOrganization.Canary}}}","user":{"id":9,"login":"boss"},"environments":[{"id":4,"name":"production"}]}]""")!;
        _github = await ScriptedGitHub.StartAsync(organization, _clock);
    }

    public async ValueTask DisposeAsync() => await _github.DisposeAsync();

    [Fact]
    public async Task ReadReviewsAsync_MergedPullRequest_ListsAllReviewsOfAllPages()
    {
        var events = await AllAsync(Asked.ReadReviewsAsync(Context(), "acme/repo-0", Commit, Stop));
        events[^1].ShouldBeOfType<ScopeEnded>().Outcome.ShouldBe(ScopeOutcome.Complete);
        var reviews = events.OfType<ScopePage>().SelectMany(p => p.Observations).OfType<ResourceObservation>().Where(r => r.NaturalKey.StartsWith("review:", StringComparison.Ordinal)).ToList();
        reviews.Count.ShouldBe(5);
        reviews.Single(r => r.Facts["reviewer"].Text == "r1").Facts["reviewerIsAuthor"].ShouldBe(KnownValue.Of(true));
        reviews.ShouldAllBe(r => r.Facts["ofLastCommit"] == KnownValue.Of(true));
        string.Join('\n', events.Select(Everything.Of)).ShouldNotContain("CANARY");
    }

    [Fact]
    public async Task ReadApprovalsAsync_Run_NamesWhoLetItIn()
    {
        var events = await AllAsync(Asked.ReadApprovalsAsync(Context(), "acme/repo-0", 30, Stop));
        events[^1].ShouldBe(ScopeEnded.Complete(new("approvals", "acme/repo-0#30")));
        var approval = events.OfType<ScopePage>().Single().Observations.OfType<ResourceObservation>().Single();
        approval.Kind.ShouldBe(ResourceKind.Approval);
        approval.Facts["reviewer"].Text.ShouldBe("boss");
        approval.Place.Path.ShouldBe("acme/repo-0/production");
    }

    [Theory]
    [InlineData("acme/repo-0", "main")]
    [InlineData("acme/../x", Commit)]
    [InlineData("acme/repo-0/../../user", Commit)]
    public async Task ReadReviewsAsync_Nonsense_AsksNothing(string repository, string commit)
    {
        var events = await AllAsync(Asked.ReadReviewsAsync(Context(), repository, commit, Stop));
        events[^1].ShouldBeOfType<ScopeEnded>().Outcome.ShouldBe(ScopeOutcome.Failed);
        _github.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task ReadReviewsAsync_NotAllowed_IsDenied()
    {
        _github.Denied["/pulls"] = "pull_requests=read";
        var events = await AllAsync(Asked.ReadReviewsAsync(Context(), "acme/repo-0", Commit, Stop));
        events[^1].ShouldBeOfType<ScopeEnded>().Permission.ShouldBe("Pull requests: read");
    }

    /// <summary>As whoever verifies evidence gets it: the connector of a source, asked for the narrow thing.</summary>
    private static IChangeEvidence Asked => new GitHubConnector(GitHubPolls.Quick).ShouldBeAssignableTo<IChangeEvidence>()!;

    private static async Task<List<ReadEvent>> AllAsync(IAsyncEnumerable<ReadEvent> events)
    {
        var all = new List<ReadEvent>();
        await foreach (var read in events)
        {
            all.Add(read);
        }

        return all;
    }

    private ConnectorContext Context() => new GitHubPolls(_github.Address, _clock).Context();
}
