using System.Globalization;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Inventory;

namespace NhiGovernance.Tests.Sources.GitHub;

/// <summary>Faults end to end: scripted GitHub, the connector, the real reconcile on a real database. Nothing that lives is retired.</summary>
public sealed class GitHubReconcileTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Poll_RandomFaultsAndDeletions_RetiresOnlyWhatIsGone()
    {
        var isLong = Environment.GetEnvironmentVariable("NHI_TEST_LONG") == "1";
        var seed = Environment.GetEnvironmentVariable("NHI_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : isLong ? Environment.TickCount : 20261121;
        var (rounds, polls) = isLong ? (20, 50) : (1, 25);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}, {rounds * polls} polls");
        for (var round = 0; round < rounds; round++)
        {
            await RoundAsync(new Random(seed + round), polls, $"seed {seed}, round {round}");
        }
    }

    private async Task RoundAsync(Random random, int count, string what)
    {
        await using var engine = database.CreateEngine();
        var stage = await Stage.OpenAsync(database, engine);
        var clock = new ImpatientClock(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        await using var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(4, 4), clock);
        var polls = new GitHubPolls(github.Address, clock);
        await stage.ReadAsync(await polls.PollAsync(Stop));
        var faults = Enum.GetValues<ScriptedFault>().Except([ScriptedFault.SilentMidBody]).ToArray();
        for (var n = 0; n < count; n++)
        {
            github.Heal();
            if (n % 2 == 0)
            {
                // Two runs in a row that are silently wrong alike cannot be told from a deletion.
                var path = github.Organization.Lists.Keys.Where(p => github.Organization.Lists[p].Items.Count > 1).OrderBy(p => p, StringComparer.Ordinal).ToArray();
                github.Plan(faults[random.Next(faults.Length)], path[random.Next(path.Length)], random.Next(1, 3), random.Next(2) == 0 ? int.MaxValue : 1);
            }

            if (random.Next(3) == 0 && github.Organization.Lists["orgs/acme/actions/secrets"].Items.Count > 1)
            {
                github.Organization.RemoveFirst("orgs/acme/actions/secrets");
                github.Organization.Add("orgs/acme/actions/secrets", $$"""{"name":"ROUND_{{n}}","created_at":"2020-01-01T00:00:00Z","updated_at":"2021-01-01T00:00:00Z","visibility":"all"}""");
            }

            clock.Advance(TimeSpan.FromHours(13));
            await stage.PassAsync(TimeSpan.FromHours(13));
            var before = polls.Kept;
            var summary = await stage.ReadAsync(await polls.PollAsync(Stop));
            if (summary.HeldBack > 0)
            {
                // As the product does: a held run keeps no memory.
                polls.Kept = before;
            }

            var truth = github.Organization.Truth().Values.SelectMany(t => t).ToHashSet(StringComparer.Ordinal);
            var dead = (await stage.IdentitiesAsync()).Where(i => i.Presence == Presence.Retired && truth.Contains(i.NaturalKey)).Select(i => i.NaturalKey).ToList();
            dead.ShouldBeEmpty($"{what}, poll {n}: {string.Join("; ", github.Plans)}");
        }
    }
}
