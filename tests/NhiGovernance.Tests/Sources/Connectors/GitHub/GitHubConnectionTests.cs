using NhiGovernance.Sources.Connectors.GitHub;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>The connection test and the settings.</summary>
public sealed class GitHubConnectionTests : IAsyncLifetime
{
    private readonly ImpatientClock _clock = new(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private ScriptedGitHub _github = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(2, 3), _clock);

    public async ValueTask DisposeAsync() => await _github.DisposeAsync();

    [Fact]
    public async Task TestAsync_GoodToken_TicksEveryStep()
    {
        _github.ExtraHeaders = new Dictionary<string, string> { ["github-authentication-token-expiration"] = "2026-09-01 00:00:00 UTC" };
        var steps = await new GitHubPolls(_github.Address, _clock).TestAsync(Stop);
        steps.ShouldNotContain(s => s.Outcome == TestOutcome.Fail);
        steps.Single(s => s.Name == "Sign in with the token").Detail.ShouldBe("octocat, by a fine-grained token. It expires on 2026-09-01.");
        steps.ShouldContain(s => s.Name == "Deploy keys of acme/repo-0" && s.Outcome == TestOutcome.Pass);
        steps.ShouldContain(s => s.Name == "Repositories of acme" && s.Detail.Contains("acme/repo-0", StringComparison.Ordinal));
        steps[^1].Name.ShouldBe("No more than needed");
    }

    [Fact]
    public async Task TestAsync_WrongToken_StopsAtTheSignIn()
    {
        var polls = new GitHubPolls(_github.Address, _clock);
        polls.Secrets["token"] = "ghp_wrong";
        var steps = await polls.TestAsync(Stop);
        steps[^1].Outcome.ShouldBe(TestOutcome.Fail);
        steps[^1].Detail.ShouldContain("401");
        steps.Count.ShouldBe(2);
    }

    [Fact]
    public async Task TestAsync_PermissionMissingAndTooMuch_SaysWhatToGrantAndWhatToTake()
    {
        _github.Denied["/keys"] = "administration=read";
        _github.ExtraHeaders = new Dictionary<string, string> { ["X-OAuth-Scopes"] = "repo, delete_repo, workflow" };
        var steps = await new GitHubPolls(_github.Address, _clock).TestAsync(Stop);
        var keys = steps.Single(s => s.Name == "Deploy keys of acme/repo-0");
        keys.Outcome.ShouldBe(TestOutcome.Warn);
        keys.Detail.ShouldContain("Administration: read");
        steps[^1].Outcome.ShouldBe(TestOutcome.Warn);
        steps[^1].Detail.ShouldContain("delete_repo, workflow");
    }

    [Theory]
    [InlineData("https://github.com", "https://api.github.com/")]
    [InlineData("https://api.github.com/", "https://api.github.com/")]
    [InlineData("https://ghes.acme.test", "https://ghes.acme.test/api/v3/")]
    [InlineData("https://ghes.acme.test:8443/", "https://ghes.acme.test:8443/api/v3/")]
    [InlineData("https://acme.ghe.com", "https://api.acme.ghe.com/")]
    public void Read_Address_FindsTheApi(string address, string api) =>
        GitHubSettings.Read(new(new Dictionary<string, string> { ["address"] = address, ["organization"] = "acme" })).Settings!.Api.AbsoluteUri.ShouldBe(api);

    [Fact]
    public void Validate_Nonsense_ReturnsAllFaultsAtOnce()
    {
        var faults = new GitHubConnector().Validate(new(new Dictionary<string, string>
        {
            ["address"] = "ftp://user@x", ["organization"] = "a/../b", ["auth"] = "app", ["concurrency"] = "0",
        }));
        faults.Select(f => f.Field).ShouldBe(["address", "organization", "appId", "installationId", "concurrency"]);
    }

    [Theory]
    [InlineData("ledger-api", true)]
    [InlineData("ledger-old", false)]
    [InlineData("other", false)]
    public void Reads_Globs_IncludeThenExclude(string name, bool reads)
    {
        var settings = GitHubSettings.Read(new(new Dictionary<string, string> { ["organization"] = "acme", ["include"] = "ledger-*", ["exclude"] = "acme/*-old" })).Settings!;
        settings.Reads($"acme/{name}").ShouldBe(reads);
    }

    [Theory]
    [InlineData("<https://api.github.com/organizations/1/repos?page=2>; rel=\"next\", <https://api.github.com/organizations/1/repos?page=9>; rel=\"last\"", "https://api.github.com/organizations/1/repos?page=2", 9)]
    [InlineData("<https://api.github.com/x?after=abc>; rel=\"next\"", "https://api.github.com/x?after=abc", null)]
    [InlineData("<https://api.github.com/x?page=1>; rel=\"first prev\"", null, null)]
    public void LinkHeader_OfGitHub_IsRead(string header, string? next, int? last) =>
        LinkHeader.Read([header], new("https://api.github.com/")).ShouldBe((next is null ? null : new Uri(next), last));

    [Theory]
    [InlineData("https://api.github.com.evil.example/x")]
    [InlineData("http://api.github.com/x")]
    [InlineData("https://api.github.com:8443/x")]
    [InlineData("https://user@api.github.com/x")]
    [InlineData("//evil.example/x")]
    public void LinkHeader_ElsewhereThanHome_IsRefused(string target) =>
        Should.Throw<GitHubRefusal>(() => LinkHeader.Read([$"<{target}>; rel=\"next\""], new("https://api.github.com/")));

    [Fact]
    public void Clean_TokensAndControls_AreDropped()
    {
        NhiGovernance.Sources.Connectors.GitHub.Text.Clean("key\u0000 ghp_abcdefghijklmnop1234 \u202Etxt").ShouldBe("key (redacted) txt");
        NhiGovernance.Sources.Connectors.GitHub.Text.Page("javascript:alert(1)").ShouldBeNull();
        NhiGovernance.Sources.Connectors.GitHub.Text.Page("https://github.com/acme?token=x").ShouldBe("https://github.com/acme");
    }

    [Fact]
    public async Task ReadAsync_NameDoesNotResolve_FailsPlainly()
    {
        var polls = new GitHubPolls(_github.Address, _clock) { Http = new Broken(HttpRequestError.NameResolutionError) };
        (await polls.PollAsync(Stop)).OfType<ScopeEnded>().ShouldAllBe(e => e.Outcome == ScopeOutcome.Failed && e.Error!.Contains("could not be resolved", StringComparison.Ordinal));
    }

    private sealed class Broken(HttpRequestError error) : HttpMessageHandler, IGuardedHttp
    {
        public HttpClient CreateClient(Uri baseAddress) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new HttpRequestException(error, "CANARY");
    }
}
