using Microsoft.EntityFrameworkCore;
using NhiGovernance.Inventory;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>Runners of one job come and go by dozens: nobody removed a right, and no person has to decide.</summary>
public sealed class GitHubEphemeralRunnerTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string List = "orgs/acme/actions/runners";

    [Fact]
    public async Task Poll_EphemeralRunnersOfAScaleSetComeAndGo_OneIdentityStaysAndNothingIsHeld()
    {
        var organization = new ScriptedOrganization(1, 2);
        await using var polled = await PolledGitHub.OpenAsync(database, organization, asApp: false, 1);
        Raise(organization, 40);
        var first = await polled.PollAsync();
        first.State.ShouldBe(PollState.Complete, first.Error);
        var present = await polled.CountAsync(Presence.Present);

        // All 40 are done, 25 others are up; then none.
        Fell(organization);
        Raise(organization, 25);
        var second = await polled.PollAsync();
        Fell(organization);
        var third = await polled.PollAsync();

        foreach (var run in new[] { second, third })
        {
            (run.State, run.Added, run.WentMissing, run.HeldBack).ShouldBe((PollState.Complete, 0, 0, 0), run.Error);
        }

        // How many are up is kept, and is no line of a time-line.
        await using (var db = await database.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken))
        {
            (await db.Set<InventoryChange>().CountAsync(c => c.RunId == second.Id || c.RunId == third.Id, TestContext.Current.CancellationToken)).ShouldBe(0);
        }

        (await polled.CountAsync(Presence.Present)).ShouldBe(present);

        // Neither a change of the settings nor a name is theirs.
        await polled.LeaveOutAsync("acme/nothing-*");
        (await polled.PollAsync()).ShouldSatisfyAllConditions(r => r.State.ShouldBe(PollState.Complete), r => r.WentMissing.ShouldBe(0));

        // A month without any: it is no longer listed, as anything that is gone.
        await polled.PassAsync(TimeSpan.FromDays(31), TimeSpan.FromHours(25));
        (await polled.PollAsync()).WentMissing.ShouldBe(1);
    }

    [Fact]
    public async Task Poll_EachRunnerWithALabelOfItsOwn_AreOnePoolOfTheirGroup()
    {
        var organization = new ScriptedOrganization(1, 2);
        await using var polled = await PolledGitHub.OpenAsync(database, organization, asApp: false, 1);
        Raise(organization, 60, n => $"pet-{(char)('a' + (n / 26))}{(char)('a' + (n % 26))}");
        await polled.PollAsync();
        var present = await polled.CountAsync(Presence.Present);
        (await PoolsAsync(polled)).ShouldBe(["ephemeral runners of group 3"]);

        Fell(organization);
        Raise(organization, 5, n => $"dog-{(char)('a' + n)}");
        (await polled.PollAsync()).ShouldSatisfyAllConditions(r => r.State.ShouldBe(PollState.Complete), r => r.WentMissing.ShouldBe(0), r => r.Added.ShouldBe(0));
        (await polled.CountAsync(Presence.Present)).ShouldBe(present);
    }

    private async Task<List<string>> PoolsAsync(PolledGitHub polled)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        return await db.Set<Identity>().Where(i => i.SourceId == polled.SourceId && i.NaturalKey.StartsWith("runner-pool:")).Select(i => i.Name).ToListAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>As scale sets and per-job launchers register them: a random name, in a group, some with a label that names the run.</summary>
    private static void Raise(ScriptedOrganization organization, int count, Func<int, string>? label = null)
    {
        for (var n = 0; n < count; n++)
        {
            var id = organization.NewId();
            organization.Add(List, $$"""
                {"name":"arc-prod-{{id}}-runner","os":"linux","status":"online","busy":true,"ephemeral":true,"runner_group_id":3,
                 "labels":[{"name":"self-hosted"},{"name":"arc-prod"},{"name":"{{label?.Invoke(n) ?? $"run-987650{id}"}}"}]}
                """);
        }
    }

    private static void Fell(ScriptedOrganization organization)
    {
        lock (organization.Gate)
        {
            organization.Lists[List].Items.RemoveAll(r => (bool?)r["ephemeral"] == true);
        }
    }
}
