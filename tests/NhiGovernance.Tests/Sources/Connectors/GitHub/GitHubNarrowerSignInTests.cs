using System.Text.Json.Nodes;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>A sign-in that sees less than the one before it: what it does not list is hidden, not gone.</summary>
public sealed class GitHubNarrowerSignInTests : IAsyncLifetime
{
    private static readonly Scope List = new("repositories", "acme");
    private readonly ImpatientClock _clock = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private ScriptedGitHub _github = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(3, 2), _clock);

    public async ValueTask DisposeAsync() => await _github.DisposeAsync();

    [Fact]
    public async Task ReadAsync_AppInstalledOnOneOfTwoOwners_EndsTheOtherDenied()
    {
        _github.Organization.Documents["orgs/beta"] = JsonNode.Parse("""{"login":"beta","id":999,"type":"Organization"}""")!;
        var polls = new GitHubPolls(_github.Address, _clock, ("organization", "acme, beta"));
        ScriptedApp.SignIn(polls, _github);

        var events = await polls.PollAsync(Stop);

        Ends(events)[List].Outcome.ShouldBe(ScopeOutcome.Complete);
        var beta = events.OfType<ScopeEnded>().Where(e => e.Scope.Place == "beta").ShouldHaveSingleItem();
        (beta.Scope.Kind, beta.Outcome).ShouldBe(("organization", ScopeOutcome.Denied));
        beta.Permission!.ShouldContain("Install the App on beta");
        beta.Error!.ShouldContain("of acme, not of beta");
        _github.Requests.ShouldNotContain(r => r.Contains("orgs/beta/", StringComparison.Ordinal));
        (await polls.TestAsync(Stop)).Single(s => s.Name == "Find beta").ShouldSatisfyAllConditions(
            s => s.Outcome.ShouldBe(TestOutcome.Fail), s => s.Detail.ShouldContain("Install the App on beta"));
    }

    [Fact]
    public async Task ReadAsync_TokenWithoutTheScopeThatTheOneBeforeHad_ConcludesNothingFromPublicRepositories()
    {
        var polls = new GitHubPolls(_github.Address, _clock);
        Scopes("repo, read:org");
        Ends(await polls.PollAsync(Stop))[List].Outcome.ShouldBe(ScopeOutcome.Complete);

        Scopes("read:org");
        _github.Organization.RemoveRepository("repo-1");
        var narrow = await polls.PollAsync(Stop);
        var end = Ends(narrow)[List];
        (end.Outcome, end.Permission).ShouldBe((ScopeOutcome.Denied, "scope repo"));
        end.Error!.ShouldContain("1 of the repositories");
        end.Error!.ShouldContain("acme/repo-1");
        Ends(narrow)[new("deploy-keys", "acme/repo-0")].Outcome.ShouldBe(ScopeOutcome.Complete, "what it does see, counts");
        Ends(await polls.PollAsync(Stop))[List].Outcome.ShouldBe(ScopeOutcome.Denied, "it stays so until somebody does something");

        // A person says that it is really gone; from then on this sign-in is the measure.
        polls.Set(("exclude", "repo-1"));
        Ends(await polls.PollAsync(Stop))[List].Outcome.ShouldBe(ScopeOutcome.Complete);
        _github.Organization.RemoveRepository("repo-2");
        Ends(await polls.PollAsync(Stop))[List].Outcome.ShouldBe(ScopeOutcome.Complete, "the same sign-in: that one is gone");
    }

    [Fact]
    public async Task ReadAsync_TokenOfAnotherPersonWhoSeesLess_ConcludesNothing()
    {
        var polls = new GitHubPolls(_github.Address, _clock);
        await polls.PollAsync(Stop);
        _github.Organization.Documents["user"] = JsonNode.Parse("""{"id":2,"login":"hubot","type":"User"}""")!;
        _github.Organization.RemoveRepository("repo-0");
        Ends(await polls.PollAsync(Stop))[List].Outcome.ShouldBe(ScopeOutcome.Denied);
    }

    [Fact]
    public async Task ReadAsync_AppLimitedToSelectedRepositories_ConcludesNothingFromTheOthers()
    {
        var polls = new GitHubPolls(_github.Address, _clock);
        ScriptedApp.SignIn(polls, _github);
        Ends(await polls.PollAsync(Stop))[List].Outcome.ShouldBe(ScopeOutcome.Complete);
        _github.Organization.Documents["app/installations/99"]["repository_selection"] = "selected";
        _github.Organization.RemoveRepository("repo-2");

        var end = Ends(await polls.PollAsync(Stop))[List];

        (end.Outcome, end.Permission).ShouldBe((ScopeOutcome.Denied, "Repository access of the App's installation: all repositories"));
    }

    [Fact]
    public async Task ReadAsync_TokenThatSeesPublicMembersOnly_EndsMembersDenied()
    {
        Scopes("repo");
        var members = Ends(await new GitHubPolls(_github.Address, _clock).PollAsync(Stop))[new("members", "acme")];
        (members.Outcome, members.Permission).ShouldBe((ScopeOutcome.Denied, "scope read:org"));
    }

    private void Scopes(string scopes) => _github.ExtraHeaders = new Dictionary<string, string> { ["X-OAuth-Scopes"] = scopes };

    private static Dictionary<Scope, ScopeEnded> Ends(List<ReadEvent> events) => events.OfType<ScopeEnded>().ToDictionary(e => e.Scope);
}
