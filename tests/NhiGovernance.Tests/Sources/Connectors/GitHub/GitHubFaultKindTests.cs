using System.Globalization;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>What single faults of the matrix come to: what the list says, what is asked again, and many of them at random.</summary>
public sealed class GitHubFaultKindTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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
        var clock = new ImpatientClock(GitHubFaultTests.Start);
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

    /// <summary>Bytes that trickle in are waited for as long as one request may take, and not a moment longer.</summary>
    [Theory]
    [InlineData(ScriptedFault.TenTimesSlower, ScopeOutcome.Complete)]
    [InlineData(ScriptedFault.SlowerThanAllowed, ScopeOutcome.Failed)]
    public async Task ReadAsync_SlowAnswer_IsReadInTimeOrFailsAndNothingIsMissing(ScriptedFault fault, ScopeOutcome outcome)
    {
        var clock = new ImpatientClock(GitHubFaultTests.Start);
        await using var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(1, 5), clock);
        var polls = new GitHubPolls(github.Address, clock);
        var witness = new Witness();
        await GitHubFaultTests.PollAsync(polls, github, witness, lenient: false);
        clock.Advance(TimeSpan.FromHours(25));
        github.Plan(fault, "repos/acme/repo-0/keys", 2);
        polls.Limits = GitHubPolls.Quick with { RequestTime = TimeSpan.FromSeconds(2) };

        var ends = (await GitHubFaultTests.PollAsync(polls, github, witness, lenient: false)).OfType<ScopeEnded>().ToDictionary(e => e.Scope);

        github.Struck.ShouldBe(1);
        var keys = ends[new("deploy-keys", "acme/repo-0")];
        (keys.Outcome, keys.Error).ShouldBe((outcome, outcome == ScopeOutcome.Failed ? "GitHub did not answer in full within 2 s." : null));
        ends[new("repositories", "acme")].Outcome.ShouldBe(ScopeOutcome.Complete, "the keys are not gone with their list");
    }

    [Fact]
    public async Task ReadAsync_EmptyOnce_IsAskedAgain()
    {
        var clock = new ImpatientClock(GitHubFaultTests.Start);
        await using var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(1, 5), clock);
        var polls = new GitHubPolls(github.Address, clock);
        var witness = new Witness();
        await GitHubFaultTests.PollAsync(polls, github, witness, lenient: false);
        github.Plan(ScriptedFault.EmptyList, "repos/acme/repo-0/hooks", 1, 1);
        await GitHubFaultTests.PollAsync(polls, github, witness, lenient: false);
    }

    [Fact]
    public async Task ReadAsync_RandomFaults_NothingIsFalselyMissing()
    {
        var seed = GitHubFaultTests.Seed(20261121);
        var total = GitHubFaultTests.IsLong ? 5000 : 60;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}, {total} polls");
        var random = new Random(seed);
        var faults = Enum.GetValues<ScriptedFault>().Except(FaultDeck.Silent).ToArray();
        for (var done = 0; done < total;)
        {
            var clock = new ImpatientClock(GitHubFaultTests.Start);
            using var network = new ScriptedNetwork();
            await using var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(random.Next(1, 5), random.Next(1, 6)), clock, network);
            var polls = new GitHubPolls(github.Address, clock, ("concurrency", random.Next(1, 4).ToString(CultureInfo.InvariantCulture)))
            {
                Limits = GitHubFaultTests.Impatient, Http = network.ClientsAt(github.Port),
            };
            var witness = new Witness();
            for (var n = 0; n < 12 && done < total; n++, done++)
            {
                github.Heal();
                for (var f = random.Next(4); f > 0; f--)
                {
                    var fault = faults[random.Next(faults.Length)];
                    if (FaultDeck.Slow.Contains(fault) && random.Next(4) > 0)
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
                await GitHubFaultTests.PollAsync(polls, github, witness, lenient: false, $"seed {seed}, poll {done}");
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
}
