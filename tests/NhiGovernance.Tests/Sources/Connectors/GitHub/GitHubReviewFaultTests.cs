using System.Text.Json.Nodes;
using NhiGovernance.Sources.Connectors.GitHub;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>Every fault while reviews and approvals are asked for: a list that was not read to its end is never called complete.</summary>
public sealed class GitHubReviewFaultTests
{
    private const string Commit = "f14d7debf9775f957cf4f1e8176da0786431f72b";
    private const string Pulls = $"repos/acme/repo-0/commits/{Commit}/pulls";
    private const string Reviews = "repos/acme/repo-0/pulls/12/reviews";
    private const string Approvals = "repos/acme/repo-0/actions/runs/30/approvals";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<ScriptedFault> Faults => [.. Enum.GetValues<ScriptedFault>().Except(FaultDeck.Silent).Except(FaultDeck.Slow)
        .Except([ScriptedFault.ItemComesBetweenPages, ScriptedFault.ItemGoesBetweenPages])];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task ReadReviewsAsync_Fault_IsCompleteWithAllOrSaysWhy(ScriptedFault fault)
    {
        var clock = new ImpatientClock(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        using var network = new ScriptedNetwork();
        await using var github = await ScriptedGitHub.StartAsync(Organization(), clock, network);
        var polls = new GitHubPolls(github.Address, clock) { Http = network.ClientsAt(github.Port) };
        IChangeEvidence asked = new GitHubConnector(GitHubPolls.Quick);
        var struck = 0;
        foreach (var (path, page) in new[] { (Pulls, 1), (Reviews, 1), (Reviews, 2), (Reviews, 3), (Approvals, 1) })
        {
            if (path == Approvals && fault >= ScriptedFault.SamePageForEver)
            {
                continue;
            }

            foreach (var times in new[] { 1, int.MaxValue })
            {
                clock.Advance(TimeSpan.FromHours(2));
                github.Heal();
                github.Plan(fault, path, page, times);
                var events = new List<ReadEvent>();
                await foreach (var read in path == Approvals ? asked.ReadApprovalsAsync(polls.Context(), "acme/repo-0", 30, Stop) : asked.ReadReviewsAsync(polls.Context(), "acme/repo-0", Commit, Stop))
                {
                    events.Add(read);
                }

                struck += github.Struck;
                events.OfType<ScopeStarted>().Count().ShouldBe(1);
                var end = events[^1].ShouldBeOfType<ScopeEnded>();
                var keys = events.OfType<ScopePage>().SelectMany(p => p.Observations).Select(o => o.NaturalKey).Distinct().Count();
                if (end.Outcome == ScopeOutcome.Complete)
                {
                    keys.ShouldBe(path == Approvals ? 1 : 6, $"{fault} at page {page} of {path}");
                }
                else
                {
                    (end.Error ?? end.Permission).ShouldNotBeNullOrEmpty($"{fault} at page {page} of {path}");
                }

                string.Join('\n', events.Select(Everything.Of)).ShouldNotContain("CANARY");
            }
        }

        struck.ShouldBeGreaterThan(4);
        github.Trespasses.ShouldBe(0);
    }

    private static ScriptedOrganization Organization()
    {
        var organization = new ScriptedOrganization(1, 1);
        organization.List(Pulls, null, new(ScriptedOrganization.Part, Pulls), i => $"{i["id"]}");
        organization.Add(Pulls, $$"""{"number":12,"merged_at":"2026-01-01T00:00:00Z","user":{"id":1,"login":"author"},"head":{"sha":"{{Commit}}"},"base":{"ref":"main"},"merge_commit_sha":"{{Commit}}"}""");
        organization.List(Reviews, null, new(ScriptedOrganization.Part, Reviews), i => $"{i["id"]}");
        for (var n = 0; n < 5; n++)
        {
            organization.Add(Reviews, $$$"""{"user":{"id":{{{n}}},"login":"r{{{n}}}"},"state":"APPROVED","submitted_at":"2026-01-01T00:00:00Z","commit_id":"{{{Commit}}}","body":"{{{ScriptedOrganization.Canary}}}"}""");
        }

        organization.Documents[Approvals] = JsonNode.Parse("""[{"state":"approved","user":{"id":9,"login":"boss"},"environments":[{"id":4,"name":"production"}]}]""")!;
        return organization;
    }
}
