using System.Globalization;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>The connector fault matrix, at every page of lists of three pages: no false disappearance.</summary>
public sealed class GitHubFaultTests
{
    internal static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>In ./test.sh each fault meets this many lists, dealt so that all faults together meet every list several times.</summary>
    private const int Sample = 2;

    internal static readonly GitHubLimits Impatient = GitHubPolls.Quick with { RequestTime = TimeSpan.FromMilliseconds(500) };

    private static readonly Account Organization = new(ScriptedOrganization.Login, NewOrganization);
    private static readonly Account Self = new("octocat", static () => ScriptedOrganization.OfUser(isSelf: true));
    private static readonly Account Other = new("hubot", static () => ScriptedOrganization.OfUser(isSelf: false));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<ScriptedFault> Faults => [.. Enum.GetValues<ScriptedFault>()];

    internal static bool IsLong => Environment.GetEnvironmentVariable("NHI_TEST_LONG") == "1";

    /// <summary>Every page of every list that the connector asks for with a token, once and lastingly; a sample of the lists in ./test.sh.</summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public async Task ReadAsync_FaultAtEveryPage_NothingIsFalselyMissing(ScriptedFault fault)
    {
        var (seed, lists) = (Seed(20261121), await ListsAsync(Organization));
        var dealt = lists.ToArray();
        new Random(seed).Shuffle(dealt);
        var mine = IsLong ? dealt : [.. Enumerable.Range((int)fault * Sample, Sample).Select(n => dealt[n % dealt.Length])];
        var polls = 0;
        foreach (var path in mine)
        {
            polls += await FaultsInAsync(Organization, fault, path);
        }

        var places = lists.Sum(l => Cards(NewOrganization(), fault, l).Count);
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}, {fault}: {polls} of {places} places, in {mine.Length} of {lists.Count} lists: {string.Join(", ", mine)}");
        if (IsLong && !FaultDeck.Slow.Contains(fault))
        {
            polls.ShouldBe(places);
        }
    }

    /// <summary>Lists that only accounts of users have; each fault meets one of them in ./test.sh, and all in ./test.sh long.</summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public async Task ReadAsync_FaultInAListOfAUser_NothingIsFalselyMissing(ScriptedFault fault)
    {
        var lists = new List<(Account Of, string Path)>();
        foreach (var path in (await ListsAsync(Self)).Where(l => l == "user/repos" || l.Contains("/own-2/secret-scanning/alerts", StringComparison.Ordinal)))
        {
            lists.Add((Self, path));
        }

        lists.Add((Other, "users/hubot/repos"));
        var mine = IsLong ? lists : [lists[(int)fault % lists.Count]];
        foreach (var (account, path) in mine)
        {
            await FaultsInAsync(account, fault, path);
        }

        lists.Count.ShouldBe(5, "repositories, alerts, those of generic patterns, the places of one, and repositories of another user");
    }

    /// <summary>The dealing leaves no list out, and what the server scripts is what the connector reads.</summary>
    [Fact]
    public async Task Lists_DealtToTheFaults_AreAllThatTheConnectorReads()
    {
        var lists = await ListsAsync(Organization);
        var met = Enum.GetValues<ScriptedFault>().Length * Sample;
        TestContext.Current.TestOutputHelper!.WriteLine($"{lists.Count} lists, each met by at least {met / lists.Count} faults; by all of {Enum.GetValues<ScriptedFault>().Length} in ./test.sh long");
        met.ShouldBeGreaterThanOrEqualTo(lists.Count * 2);

        // The other sign-in reads three lists more, which GitHubReconcileTests deals: an App's repositories, fine-grained tokens and their requests.
        var unread = new FaultedOrganization(asApp: true).Scripted.Lists.Keys.Where(k => !k.Contains("repo-1", StringComparison.Ordinal) && !k.Contains("repo-2", StringComparison.Ordinal)).Except(lists).ToList();
        unread.ShouldAllBe(k => k == "installation/repositories" || k.StartsWith("orgs/acme/personal-access-token", StringComparison.Ordinal));
    }

    /// <summary>
    /// All that a sound poll asks for is scripted, so that faults are dealt there; and all that is scripted is asked for, so that a fault
    /// which is dealt also strikes.
    /// </summary>
    [Theory]
    [InlineData("token")]
    [InlineData("app")]
    [InlineData("octocat")]
    [InlineData("hubot")]
    public async Task Script_OfEachDeck_IsWhatTheConnectorAsksFor(string whose)
    {
        var (asApp, account) = (whose == "app", whose == Self.Login ? Self : whose == Other.Login ? Other : null);
        var faulted = new FaultedOrganization(asApp);
        var clock = new ImpatientClock(TimeProvider.System.GetUtcNow());
        await using var github = await ScriptedGitHub.StartAsync(account?.New() ?? faulted.Scripted, clock);
        var polls = PollsOf(account ?? Organization, github, clock);
        if (asApp)
        {
            ScriptedApp.Mint(polls, github);
        }

        var events = await PollAsync(polls, github, new Witness(), lenient: false);
        var ends = events.OfType<ScopeEnded>().Where(e => e.Outcome != ScopeOutcome.Complete).ToList();
        ends.ShouldAllBe(e => e.Outcome == ScopeOutcome.NotAvailable && e.Scope.Kind.StartsWith("fine-grained-token", StringComparison.Ordinal) && !asApp);

        github.Asked.Where(a => !a.Value && !IsUnscripted(a.Key)).Select(a => a.Key).ShouldBeEmpty("asked for, and no fault is ever dealt there");
        var scripted = github.Organization.Lists.Keys.Concat(github.Organization.Documents.Keys).Where(faulted.Asks);
        scripted.Where(s => !github.Asked.ContainsKey(s) && !IsOnlyAskedOtherwise(s)).ShouldBeEmpty("dealt, and no fault ever strikes there");
    }

    /// <summary>What may be asked for without a list or a document in the script.</summary>
    private static bool IsUnscripted(string path) =>
        // One request for each webhook, all alike: those of the last one of a list are scripted.
        path.EndsWith("/deliveries", StringComparison.Ordinal)

        // "Branch not protected" is GitHub's answer where there is no classic protection; the other repositories have it.
        || path.EndsWith($"/{ScriptedOrganization.PublicRepository}/branches/main/protection", StringComparison.Ordinal)

        // An account is looked for among organizations first.
        || path == $"orgs/{Self.Login}" || path == $"orgs/{Other.Login}";

    /// <summary>What is scripted for other tests than those of polls without faults.</summary>
    private static bool IsOnlyAskedOtherwise(string path) =>
        // By the connection test.
        path == "rate_limit"

        // A repository itself, when one of its lists answers 404, and when a webhook names it.
        || (path.StartsWith("repos/", StringComparison.Ordinal) && path.Count(c => c == '/') == 2);

    private static ScriptedOrganization NewOrganization()
    {
        var organization = new ScriptedOrganization(1, 5, everything: true);
        organization.AddAuditLog(5, Start.AddHours(-2));
        return organization;
    }

    private static GitHubPolls PollsOf(Account account, ScriptedGitHub github, ImpatientClock clock) =>
        new(github.Address, clock, ("organization", account.Login), ("auditLog", "true"), ("codespacesSecrets", "true"));

    /// <summary>The lists that one sound poll asks for and gets.</summary>
    private static async Task<List<string>> ListsAsync(Account account)
    {
        var clock = new ImpatientClock(Start);
        await using var github = await ScriptedGitHub.StartAsync(account.New(), clock);
        await PollAsync(PollsOf(account, github, clock), github, new Witness(), lenient: false);
        return [.. github.Organization.Lists.Keys.Where(github.Asked.ContainsKey).Order(StringComparer.Ordinal)];
    }

    private static List<FaultPlan> Cards(ScriptedOrganization organization, ScriptedFault fault, string path) =>
        [.. FaultDeck.Of(organization, GitHubPolls.Quick.PageSize, fault, path, int.MaxValue).Zip(FaultDeck.Of(organization, GitHubPolls.Quick.PageSize, fault, path, 1)).SelectMany(c => (FaultPlan[])[c.Second, c.First])];

    /// <returns>How many places of this list the fault was put to.</returns>
    private static async Task<int> FaultsInAsync(Account account, ScriptedFault fault, string path)
    {
        var clock = new ImpatientClock(Start);
        using var network = new ScriptedNetwork();
        await using var github = await ScriptedGitHub.StartAsync(account.New(), clock, network);
        var polls = PollsOf(account, github, clock);
        polls.Http = network.ClientsAt(github.Port);
        var witness = new Witness();
        await PollAsync(polls, github, witness, lenient: false);
        polls.Limits = fault is ScriptedFault.SilentMidBody or ScriptedFault.SlowerThanAllowed ? Impatient : GitHubPolls.Quick;
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
        healed.OfType<ScopeEnded>().Where(e => e.Outcome == ScopeOutcome.Failed && !e.Scope.Place.Contains("/NEW_", StringComparison.Ordinal)).ShouldBeEmpty();
        github.Trespasses.ShouldBe(0, $"{fault} in {path}");
        return count;
    }

    internal static int Seed(int usual) => Environment.GetEnvironmentVariable("NHI_SEED") is { Length: > 0 } given
        ? int.Parse(given, CultureInfo.InvariantCulture)
        : IsLong ? Environment.TickCount : usual;

    /// <summary>Whose lists faults are dealt to: the organization's, or those of a user who signs in or does not.</summary>
    private sealed record Account(string Login, Func<ScriptedOrganization> New);

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
