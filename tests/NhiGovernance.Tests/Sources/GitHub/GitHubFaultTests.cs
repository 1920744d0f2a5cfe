using System.Globalization;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.GitHub;

/// <summary>The connector fault matrix, at every page of lists of three pages: no false disappearance.</summary>
public sealed class GitHubFaultTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Paths = ["orgs/acme/repos", "repos/acme/repo-0/keys", "repos/acme/repo-0/actions/secrets"];

    private static readonly GitHubLimits Impatient = GitHubPolls.Quick with { RequestTime = TimeSpan.FromMilliseconds(500) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<ScriptedFault> Faults => [.. Enum.GetValues<ScriptedFault>()];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task ReadAsync_FaultAtEveryPage_NothingIsFalselyMissing(ScriptedFault fault)
    {
        var clock = new ImpatientClock(Start);
        using var network = new ScriptedNetwork();
        await using var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(5, 5), clock, network);
        var polls = new GitHubPolls(github.Address, clock) { Http = network.ClientsAt(github.Port) };
        var witness = new Witness();
        await PollAsync(polls, github, witness, lenient: false);
        foreach (var path in Paths)
        {
            for (var page = 1; page <= 3; page++)
            {
                foreach (var times in new[] { 1, int.MaxValue })
                {
                    if (fault is ScriptedFault.SilentMidBody or ScriptedFault.ConnectionSilent && (page != 2 || path == Paths[2]))
                    {
                        // It costs real time; two places show it.
                        continue;
                    }

                    clock.Advance(TimeSpan.FromHours(25));
                    github.Heal();
                    github.Plan(fault, path, page, times);
                    polls.Limits = fault == ScriptedFault.SilentMidBody ? Impatient : GitHubPolls.Quick;
                    await PollAsync(polls, github, witness, FaultDeck.Silent.Contains(fault));
                }
            }
        }

        github.Heal();
        polls.Limits = GitHubPolls.Quick;
        var healed = await PollAsync(polls, github, witness, lenient: false);
        // What the server invented between pages has no lists of its own.
        healed.OfType<ScopeEnded>().Where(e => e.Outcome == ScopeOutcome.Failed && !e.Scope.Place.StartsWith("acme/NEW_", StringComparison.Ordinal)).ShouldBeEmpty();
        github.Trespasses.ShouldBe(0);
    }

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
        var isLong = Environment.GetEnvironmentVariable("NHI_TEST_LONG") == "1";
        var seed = Environment.GetEnvironmentVariable("NHI_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : isLong ? Environment.TickCount : 20261121;
        var total = isLong ? 5000 : 60;
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
