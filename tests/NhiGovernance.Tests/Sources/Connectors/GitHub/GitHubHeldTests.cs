using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>What a run that waits for a person does to the runs after it, and what a delivery costs.</summary>
public sealed class GitHubHeldTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Repository = """ "repository":{"id":1,"full_name":"acme/repo-0"},"organization":{"login":"acme"} """;

    [Fact]
    public async Task Poll_WhileARunIsHeld_ReadsInFullOnlyWhatIsHeld()
    {
        var organization = new ScriptedOrganization(3, 15);
        await using var polled = await PolledGitHub.OpenAsync(database, organization, asApp: false, 1);
        await polled.PollAsync();
        var taken = Take(organization, "repo-0");
        var held = await polled.PollAsync();
        held.State.ShouldBe(PollState.Held);

        for (var n = 0; n < 2; n++)
        {
            polled.GitHub.Requests.Clear();
            var again = await polled.PollAsync();
            (again.State, again.HeldBack).ShouldBe((PollState.Held, held.HeldBack), "what is gone is said anew, be it asked for or not");
            polled.GitHub.Requests.Where(r => r.Contains("/repo-1/keys", StringComparison.Ordinal)).ShouldAllBe(r => r.EndsWith(" 304", StringComparison.Ordinal));
            polled.GitHub.Requests.Where(r => r.Contains("/repo-0/keys", StringComparison.Ordinal)).ShouldAllBe(r => r.EndsWith(" 200", StringComparison.Ordinal));
        }

        taken();
        (await polled.PollAsync()).State.ShouldBe(PollState.Complete);
        (await polled.MarkAsync()).ShouldBeNull("everything was read to its end");
        polled.GitHub.Requests.Clear();
        (await polled.PollAsync()).State.ShouldBe(PollState.Complete);
        polled.GitHub.Requests.Where(r => r.Contains("/keys", StringComparison.Ordinal)).ShouldAllBe(r => r.EndsWith(" 304", StringComparison.Ordinal));
        (await polled.CountAsync(Presence.Missing)).ShouldBe([0, 0, 0, 0]);
    }

    [Fact]
    public async Task Source_WithAHeldRun_SaysSoUntilAPersonDecides()
    {
        var organization = new ScriptedOrganization(3, 15);
        await using var polled = await PolledGitHub.OpenAsync(database, organization, asApp: false, 1);
        await polled.PollAsync();
        (await polled.SourceRowAsync()).HeldRunId.ShouldBeNull();
        Take(organization, "repo-0");
        var held = await polled.PollAsync();
        (await polled.SourceRowAsync()).HeldRunId.ShouldBe(held.Id);

        // A run of some lists, one that comes to nothing, and one that is cut off in the middle decide nothing.
        var (_, queued) = await polled.HearAsync("branch_protection_rule", $$"""{"action":"edited",{{Repository}}}""");
        (await polled.RunAsync(queued!)).State.ShouldBe(PollState.Complete);
        (await polled.SourceRowAsync()).HeldRunId.ShouldBe(held.Id);
        polled.GitHub.Plan(ScriptedFault.Status500, "orgs/acme", 1);
        (await polled.PollAsync()).State.ShouldBe(PollState.Failed);
        var row = await polled.SourceRowAsync();
        (row.HeldRunId, row.LastState).ShouldBe((held.Id, PollState.Failed));
        polled.GitHub.Heal();

        await polled.DecideAsync(held, release: true);
        (await polled.SourceRowAsync()).HeldRunId.ShouldBeNull();
        (await polled.CountAsync(Presence.Missing)).Sum().ShouldBe((int)held.HeldBack);
    }

    [Fact]
    public async Task Source_WhoseHeldRunWasDecided_NoLongerSaysHeld()
    {
        var organization = new ScriptedOrganization(3, 15);
        await using var polled = await PolledGitHub.OpenAsync(database, organization, asApp: false, 1);
        await polled.PollAsync();
        Take(organization, "repo-0");
        var held = await polled.PollAsync();
        await polled.DecideAsync(held, release: false);
        var row = await polled.SourceRowAsync();
        (row.HeldRunId, row.LastState).ShouldBe((null, PollState.Complete));
    }

    [Fact]
    public async Task Delivery_ToALargeOrganization_CostsWhatItNames()
    {
        var (small, large) = (await CostAsync(2), await CostAsync(12));
        (small.Statements.Count, small.Rows).ShouldSatisfyAllConditions(s => s.Count.ShouldBeGreaterThan(10), s => s.Rows.ShouldBeGreaterThan(5));
        large.Statements.ShouldBe(small.Statements, "the same statements, whatever else the source holds");
        large.Rows.ShouldBe(small.Rows, "and the same rows");
        large.Statements.ShouldNotContain(s => s.StartsWith("SELECT count(*)", StringComparison.OrdinalIgnoreCase)
            && Observed.Any(t => s.Contains($"FROM {t} ", StringComparison.Ordinal)), "nor does the database count what it does not tell");

        async Task<(IReadOnlyCollection<string> Statements, int Rows)> CostAsync(int repositories)
        {
            using var watch = new StatementWatch();
            var organization = new ScriptedOrganization(repositories, 3);
            await using var polled = await PolledGitHub.OpenAsync(database, organization, asApp: false, 1);
            (await polled.PollAsync()).State.ShouldBe(PollState.Complete);
            organization.AddDeployKey("repo-0", "made just now");
            organization.RemoveFirst("repos/acme/repo-0/keys");
            var (_, queued) = await polled.HearAsync("deploy_key", $$"""{"action":"created",{{Repository}}}""");
            watch.Begin();
            var run = await polled.RunAsync(queued!);
            (run.State, run.Added, run.WentMissing).ShouldBe((PollState.Complete, 2, 2), run.Error);

            // The pulse beats by the clock, so how often it looks is chance; and names of staging tables differ.
            return ([.. watch.Statements.Where(s => !s.Contains("cancel_requested", StringComparison.Ordinal) && !s.Contains("progress", StringComparison.Ordinal))], watch.Rows);
        }
    }

    private static readonly string[] Observed = ["identities", "credentials", "resources", "person_handles"];

    /// <summary>Most things of a repository go. Returns how to bring them back.</summary>
    private static Action Take(ScriptedOrganization organization, string repository)
    {
        var lists = organization.Lists.Where(l => l.Key.StartsWith($"repos/acme/{repository}/", StringComparison.Ordinal) && l.Value.Items.Count >= 15)
            .Select(l => (l.Value.Items, All: l.Value.Items.ToList())).ToList();
        lists.ForEach(l => l.Items.RemoveRange(1, l.Items.Count - 1));
        return () => lists.ForEach(l =>
        {
            l.Items.Clear();
            l.Items.AddRange(l.All);
        });
    }
}
