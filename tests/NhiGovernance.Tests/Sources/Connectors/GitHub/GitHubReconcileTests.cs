using System.Diagnostics;
using System.Globalization;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>
/// Faults end to end: scripted GitHub over TLS, the connector, the run, the reconcile, a real database. After every poll one
/// statement a table asks whether anything that lives was called gone: identities, credentials, resources and people.
/// </summary>
public sealed class GitHubReconcileTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Sample = 40;
    private const int PollsOfARound = 100;

    /// <summary>Rounds are sources of their own; most of a poll that a fault struck is waiting.</summary>
    private const int RoundsAtOnce = 4;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(40);
    private static readonly TimeSpan Day = TimeSpan.FromHours(25);

    [Fact]
    public async Task Poll_FaultAtEveryPageOfEveryList_RetiresNothingThatLives()
    {
        var (seed, total) = (LongRun.Seed(), LongRun.Number("NHI_TEST_POLLS", Sample, full: 5_000));
        var tally = new Tally();
        var watch = Stopwatch.StartNew();
        var ofARound = total > Sample ? PollsOfARound : Math.Max(1, total / 2);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, (total + ofARound - 1) / ofARound), new ParallelOptions { MaxDegreeOfParallelism = RoundsAtOnce },
            async (round, _) =>
            {
                if (watch.Elapsed < Bound)
                {
                    await RoundAsync(seed, round, Math.Min(ofARound, total - (round * ofARound)), (round / 2) * ofARound, tally, () => watch.Elapsed >= Bound);
                }
            });

        var line = string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {tally} in {watch.Elapsed.TotalSeconds:0} s");
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        tally.Polls.ShouldBeGreaterThanOrEqualTo(total, $"{line}: stopped at its bound of {Bound.TotalMinutes:0} minutes.");
        tally.Struck.ShouldBeGreaterThan(tally.Polls / 2, line);
        tally.Retired.ShouldBeGreaterThan(0, line);
        tally.LeftOut.ShouldBeGreaterThan(0, line);
    }

    private async Task RoundAsync(int seed, int round, int count, int dealt, Tally tally, Func<bool> isLate)
    {
        var random = new Random(HashCode.Combine(seed, round));
        var asApp = round % 2 == 1;
        var organization = new FaultedOrganization(asApp);
        // One deck for all rounds of a sign-in: each round begins where the one before it ends, whenever that is.
        var deck = FaultDeck.Shuffled(organization.Scripted, GitHubPolls.Quick.PageSize, new Random(seed)).Where(c => organization.Asks(c.Path)).ToList();
        await using var polled = await PolledGitHub.OpenAsync(database, organization.Scripted, asApp, random.Next(1, 4));
        (await polled.PollAsync()).State.ShouldBe(PollState.Complete);
        (await polled.WrongAsync(organization.Alive(), keys: false)).ShouldBeEmpty("the test does not know all that lives");
        (await polled.CountAsync(Presence.Present)).ShouldAllBe(n => n > 0);

        var (healNext, isLeftOut) = (false, false);
        for (var n = 0; n < count && !isLate(); n++)
        {
            organization.Tend(random);
            if (random.Next(10) == 0)
            {
                isLeftOut = !isLeftOut;
                await polled.LeaveOutAsync(isLeftOut ? "repo-1" : string.Empty);
            }

            var card = healNext ? null : deck[dealt++ % deck.Count];
            // Two runs that are silently wrong alike cannot be told from a deletion; one must not retire anything.
            healNext = card is not null && FaultDeck.Silent.Contains(card.Fault);
            polled.GitHub.Heal();
            if (card is not null)
            {
                polled.GitHub.Plan(card.Fault, card.Path, card.Page, card.Times);
            }

            await polled.PassAsync(random.Next(4) == 0 ? TimeSpan.FromHours(1) : Day, Day);
            var before = organization.Alive();
            var run = await polled.PollAsync(hurry: card is not null && FaultDeck.Slow.Contains(card.Fault));
            tally.Add(run, polled.GitHub.Struck > 0);
            var alive = organization.Alive();
            before.IntersectWith(alive);
            var wrong = (await polled.WrongAsync(alive, keys: true))
                .Where(w => w.Presence == Presence.Retired || (w.IsFresh && before.Contains(w.Key) && !healNext)).ToList();
            wrong.ShouldBeEmpty($"seed {seed}, round {round}, poll {n}, run {run.Number} {run.State}: {card}");
            if (run.State == PollState.Held)
            {
                await polled.DecideAsync(run, release: !healNext);
            }
        }

        await LeftOutAsync(polled, organization, tally, $"seed {seed}, round {round}");
        await HealedAsync(polled, organization, tally, $"seed {seed}, round {round}");
    }

    /// <summary>After whatever was: what hangs on a repository that is left out is not covered, all of it, and nothing else is.</summary>
    private static async Task LeftOutAsync(PolledGitHub polled, FaultedOrganization organization, Tally tally, string what)
    {
        polled.GitHub.Heal();
        organization.Tend(new Random(0));
        await polled.LeaveOutAsync(string.Empty);
        if ((await polled.PollAsync()) is { State: PollState.Held } held)
        {
            await polled.DecideAsync(held, release: true);
        }

        var hanging = organization.HangingOn("repo-1");
        await polled.LeaveOutAsync("repo-1");
        for (var n = 0; n < 3; n++)
        {
            await polled.PassAsync(Day, Day);
            await polled.PollAsync();
            var wrong = await polled.WrongAsync(organization.Alive(), keys: true);
            wrong.ShouldAllBe(w => w.Presence == Presence.NotCovered, what);
            wrong.Select(w => w.Key).Distinct().Order(StringComparer.Ordinal).ShouldBe(hanging.Order(StringComparer.Ordinal), what);
        }

        tally.LeaveOut(hanging.Count);
        await polled.LeaveOutAsync(string.Empty);
    }

    /// <summary>With the faults gone, all that lives is present, and nothing else is: the test could have failed either way.</summary>
    private static async Task HealedAsync(PolledGitHub polled, FaultedOrganization organization, Tally tally, string what)
    {
        polled.GitHub.Heal();
        organization.Tend(new Random(0));
        for (var n = 0; n < 4; n++)
        {
            await polled.PassAsync(Day, Day);
            var run = await polled.PollAsync();
            if (run.State == PollState.Held)
            {
                await polled.DecideAsync(run, release: true);
            }
        }

        var alive = organization.Alive();
        (await polled.WrongAsync(alive, keys: true)).ShouldBeEmpty(what);
        (await polled.WrongAsync(alive, keys: false)).ShouldBeEmpty(what);
        tally.Retire((await polled.CountAsync(Presence.Retired)).Sum());
    }

    private sealed class Tally
    {
        private readonly SortedDictionary<string, int> _ends = new(StringComparer.Ordinal);
        private readonly Lock _gate = new();

        public int Polls { get; private set; }

        public int Struck { get; private set; }

        public int Retired { get; private set; }

        public int LeftOut { get; private set; }

        public void Retire(int count)
        {
            lock (_gate)
            {
                Retired += count;
            }
        }

        public void LeaveOut(int count)
        {
            lock (_gate)
            {
                LeftOut += count;
            }
        }

        public void Add(PollRun run, bool struck)
        {
            lock (_gate)
            {
                Polls++;
                Struck += struck ? 1 : 0;
                _ends[run.State.ToString()] = _ends.GetValueOrDefault(run.State.ToString()) + 1;
            }
        }

        public override string ToString() =>
            $"{Polls} polls, {Struck} struck by a fault, ends {string.Join(", ", _ends.Select(e => $"{e.Value} {e.Key}"))}; {Retired} truly gone things retired, 0 that live; {LeftOut} left out and none of them called gone";
    }
}
