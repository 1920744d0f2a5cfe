using System.Globalization;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>The connector fault matrix, at every page of lists of three pages: no false disappearance.</summary>
public sealed class GitHubFaultTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>In ./test.sh each fault meets this many lists, dealt so that all faults together meet every list several times.</summary>
    private const int Sample = 3;

    private static readonly GitHubLimits Impatient = GitHubPolls.Quick with { RequestTime = TimeSpan.FromMilliseconds(500) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<ScriptedFault> Faults => [.. Enum.GetValues<ScriptedFault>()];

    private static bool IsLong => Environment.GetEnvironmentVariable("NHI_TEST_LONG") == "1";

    /// <summary>Every page of every list that the connector asks for with a token, once and lastingly; a sample of the lists in ./test.sh.</summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public async Task ReadAsync_FaultAtEveryPage_NothingIsFalselyMissing(ScriptedFault fault)
    {
        var (seed, lists) = (Seed(20261121), await ListsAsync());
        var dealt = lists.ToArray();
        new Random(seed).Shuffle(dealt);
        var mine = IsLong ? dealt : [.. Enumerable.Range((int)fault * Sample, Sample).Select(n => dealt[n % dealt.Length])];
        var polls = 0;
        foreach (var path in mine)
        {
            polls += await FaultsInAsync(fault, path);
        }

        var places = lists.Sum(l => Cards(NewOrganization(), fault, l).Count);
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}, {fault}: {polls} of {places} places, in {mine.Length} of {lists.Count} lists: {string.Join(", ", mine)}");
        if (IsLong && !FaultDeck.Slow.Contains(fault))
        {
            polls.ShouldBe(places);
        }
    }

    /// <summary>The dealing leaves no list out, and what the server scripts is what the connector reads.</summary>
    [Fact]
    public async Task Lists_DealtToTheFaults_AreAllThatTheConnectorReads()
    {
        var lists = await ListsAsync();
        var met = Enum.GetValues<ScriptedFault>().Length * Sample;
        TestContext.Current.TestOutputHelper!.WriteLine($"{lists.Count} lists, each met by at least {met / lists.Count} faults; by all of {Enum.GetValues<ScriptedFault>().Length} in ./test.sh long");
        met.ShouldBeGreaterThanOrEqualTo(lists.Count * 2);

        // The other sign-in reads three lists more, which GitHubReconcileTests deals: an App's repositories, fine-grained tokens and their requests.
        var unread = new FaultedOrganization(asApp: true).Scripted.Lists.Keys.Where(k => !k.Contains("repo-1", StringComparison.Ordinal) && !k.Contains("repo-2", StringComparison.Ordinal)).Except(lists).ToList();
        unread.ShouldAllBe(k => k == "installation/repositories" || k.StartsWith("orgs/acme/personal-access-token", StringComparison.Ordinal) || k.Contains("/runner-groups/", StringComparison.Ordinal));
    }

    private static ScriptedOrganization NewOrganization()
    {
        var organization = new ScriptedOrganization(1, 5);
        organization.AddAuditLog(5, Start.AddHours(-2));
        return organization;
    }

    /// <summary>The lists that one sound poll asks for and gets.</summary>
    private static async Task<List<string>> ListsAsync()
    {
        var clock = new ImpatientClock(Start);
        await using var github = await ScriptedGitHub.StartAsync(NewOrganization(), clock);
        await PollAsync(new GitHubPolls(github.Address, clock, ("auditLog", "true")), github, new Witness(), lenient: false);
        var asked = github.Requests.Where(r => r.EndsWith(" 200", StringComparison.Ordinal)).Select(r => r.Split(' ')[1].Split('?')[0]).ToHashSet(StringComparer.Ordinal);
        return [.. github.Organization.Lists.Keys.Where(asked.Contains).Order(StringComparer.Ordinal)];
    }

    private static List<FaultPlan> Cards(ScriptedOrganization organization, ScriptedFault fault, string path) =>
        [.. FaultDeck.Of(organization, GitHubPolls.Quick.PageSize, fault, path, int.MaxValue).Zip(FaultDeck.Of(organization, GitHubPolls.Quick.PageSize, fault, path, 1)).SelectMany(c => (FaultPlan[])[c.Second, c.First])];

    /// <returns>How many places of this list the fault was put to.</returns>
    private static async Task<int> FaultsInAsync(ScriptedFault fault, string path)
    {
        var clock = new ImpatientClock(Start);
        using var network = new ScriptedNetwork();
        await using var github = await ScriptedGitHub.StartAsync(NewOrganization(), clock, network);
        var polls = new GitHubPolls(github.Address, clock, ("auditLog", "true")) { Http = network.ClientsAt(github.Port) };
        var witness = new Witness();
        await PollAsync(polls, github, witness, lenient: false);
        polls.Limits = fault == ScriptedFault.SilentMidBody ? Impatient : GitHubPolls.Quick;
        var count = 0;
        foreach (var card in Cards(github.Organization, fault, path).Where(c => !FaultDeck.Slow.Contains(fault) || c is { Page: 2, Times: 1 }))
        {
            clock.Advance(TimeSpan.FromHours(25));
            github.Heal();
            github.Plans.Add(card);
            await PollAsync(polls, github, witness, FaultDeck.Silent.Contains(fault));
            count++;
        }

        // The next run is a new one, and knows of no limit that the last one met at its end.
        clock.Advance(TimeSpan.FromHours(25));
        github.Heal();
        polls.Limits = GitHubPolls.Quick;
        var healed = await PollAsync(polls, github, witness, lenient: false);
        // What the server invented between pages has no lists of its own.
        healed.OfType<ScopeEnded>().Where(e => e.Outcome == ScopeOutcome.Failed && !e.Scope.Place.StartsWith("acme/NEW_", StringComparison.Ordinal)).ShouldBeEmpty();
        github.Trespasses.ShouldBe(0, $"{fault} in {path}");
        return count;
    }

    private static int Seed(int usual) => Environment.GetEnvironmentVariable("NHI_SEED") is { Length: > 0 } given
        ? int.Parse(given, CultureInfo.InvariantCulture)
        : IsLong ? Environment.TickCount : usual;

    [Theory]
    [InlineData(ScriptedFault.SamePageForEver, "circle")]
    [InlineData(ScriptedFault.NextOnOtherHost, "another host")]
    [InlineData(ScriptedFault.NextOnOtherScheme, "another host")]
    [InlineData(ScriptedFault.Status500, "500")]
    [InlineData(ScriptedFault.BadGatewayPage, "502")]
    [InlineData(ScriptedFault.PageInsteadOfJson, "page instead of JSON")]
    [InlineData(ScriptedFault.TruncatedJson, "cut off")]
    [InlineData(ScriptedFault.EmptyObject, "not in the form")]
    [InlineData(ScriptedFault.WrongShape, "not in the form")]
    [InlineData(ScriptedFault.TooLong, "longer than")]
    [InlineData(ScriptedFault.Redirect, "redirect")]
    [InlineData(ScriptedFault.CursorExpired, "422")]
    [InlineData(ScriptedFault.CutBeforeAnswer, "broke")]
    [InlineData(ScriptedFault.NameGone, "could not be resolved")]
    [InlineData(ScriptedFault.ConnectionRefused, "No connection")]
    [InlineData(ScriptedFault.ConnectionSilent, "did not answer")]
    [InlineData(ScriptedFault.CertificateExpired, "expired")]
    [InlineData(ScriptedFault.CertificateOfOther, "another host")]
    [InlineData(ScriptedFault.TooManyWithRetryAfter, "limit")]
    [InlineData(ScriptedFault.NextMissingOfPromised, "fewer")]
    public async Task ReadAsync_LastingFault_TheListSaysWhy(ScriptedFault fault, string words)
    {
        var clock = new ImpatientClock(Start);
        using var network = new ScriptedNetwork();
        await using var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(1, 5), clock, network);
        github.Plan(fault, "repos/acme/repo-0/keys", 2, fault switch
        {
            // Below HTTP a lasting fault ends every list; the other one should be seen to be read.
            ScriptedFault.NameGone or ScriptedFault.CertificateExpired or ScriptedFault.CertificateOfOther => 1,
            ScriptedFault.ConnectionRefused or ScriptedFault.ConnectionSilent => 2,
            _ => int.MaxValue,
        });
        var events = await new GitHubPolls(github.Address, clock) { Http = network.ClientsAt(github.Port) }.PollAsync(Stop);
        var end = events.OfType<ScopeEnded>().Single(e => e.Scope == new Scope("deploy-keys", "acme/repo-0"));
        end.Outcome.ShouldBe(ScopeOutcome.Failed);
        end.Error!.ShouldContain(words);
        events.OfType<ScopeEnded>().Single(e => e.Scope.Kind == "actions-secrets").Outcome.ShouldBe(ScopeOutcome.Complete);
    }

    [Fact]
    public async Task ReadAsync_EmptyOnce_IsAskedAgain()
    {
        var clock = new ImpatientClock(Start);
        await using var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(1, 5), clock);
        var polls = new GitHubPolls(github.Address, clock);
        var witness = new Witness();
        await PollAsync(polls, github, witness, lenient: false);
        github.Plan(ScriptedFault.EmptyList, "repos/acme/repo-0/hooks", 1, 1);
        await PollAsync(polls, github, witness, lenient: false);
    }

    [Fact]
    public async Task ReadAsync_RandomFaults_NothingIsFalselyMissing()
    {
        var seed = Seed(20261121);
        var total = IsLong ? 5000 : 60;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}, {total} polls");
        var random = new Random(seed);
        var faults = Enum.GetValues<ScriptedFault>().Except(FaultDeck.Silent).ToArray();
        for (var done = 0; done < total;)
        {
            var clock = new ImpatientClock(Start);
            using var network = new ScriptedNetwork();
            await using var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(random.Next(1, 5), random.Next(1, 6)), clock, network);
            var polls = new GitHubPolls(github.Address, clock, ("concurrency", random.Next(1, 4).ToString(CultureInfo.InvariantCulture)))
            {
                Limits = Impatient, Http = network.ClientsAt(github.Port),
            };
            var witness = new Witness();
            for (var n = 0; n < 12 && done < total; n++, done++)
            {
                github.Heal();
                for (var f = random.Next(4); f > 0; f--)
                {
                    var fault = faults[random.Next(faults.Length)];
                    if (fault is ScriptedFault.SilentMidBody or ScriptedFault.ConnectionSilent && random.Next(4) > 0)
                    {
                        continue;
                    }

                    var paths = github.Organization.Lists.Keys.Concat(github.Organization.Documents.Keys.Where(_ => fault < ScriptedFault.SamePageForEver)).ToArray();
                    var path = paths[random.Next(paths.Length)];
                    var needsItems = fault is ScriptedFault.ItemTwice or ScriptedFault.ItemGoesBetweenPages or ScriptedFault.ItemComesBetweenPages;
                    if (!needsItems || github.Organization.Lists[path].Items.Count > 1)
                    {
                        github.Plan(fault, path, random.Next(1, 4), random.Next(3) == 0 ? int.MaxValue : random.Next(1, 4));
                    }
                }

                Change(github.Organization, random, done);
                clock.Advance(TimeSpan.FromHours(random.Next(30)));
                await PollAsync(polls, github, witness, lenient: false, $"seed {seed}, poll {done}");
            }
        }
    }

    private static void Change(ScriptedOrganization organization, Random random, int round)
    {
        switch (random.Next(5))
        {
            case 0:
                organization.AddRepository($"new-{round}", random.Next(4));
                break;
            case 1 when organization.Lists["orgs/acme/repos"].Items is { Count: > 1 } repositories:
                organization.RemoveRepository((string)repositories[random.Next(repositories.Count)]["name"]!);
                break;
            case 2 when organization.Lists["orgs/acme/repos"].Items is [var first, ..] && organization.Lists.ContainsKey($"repos/acme/{first["name"]}/keys"):
                organization.AddDeployKey((string)first["name"]!, $"key of round {round}");
                break;
            case 3 when organization.Lists["orgs/acme/actions/secrets"].Items is { Count: > 0 } secrets:
                secrets.RemoveAt(random.Next(secrets.Count));
                break;
        }
    }

    internal static async Task<List<ReadEvent>> PollAsync(GitHubPolls polls, ScriptedGitHub github, Witness witness, bool lenient, string what = "")
    {
        var before = github.Organization.Truth();
        var events = await polls.PollAsync(Stop);
        var wrong = witness.Judge(events, before, github.Organization.Truth());
        if (!lenient)
        {
            wrong.ShouldBeEmpty($"{what} {string.Join("; ", github.Plans)}");
        }

        return events;
    }
}
