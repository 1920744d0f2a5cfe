using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>GitHub's limits: nothing is sent while it wants nothing, and a run does not wait for ever.</summary>
public sealed class GitHubLimitTests : IAsyncLifetime
{
    private readonly ImpatientClock _clock = new(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private ScriptedGitHub _github = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(2, 3), _clock);

    public async ValueTask DisposeAsync() => await _github.DisposeAsync();

    [Fact]
    public async Task ReadAsync_HourUsedUp_WaitsForTheResetAndNeverAsksMeanwhile()
    {
        _github.Remaining = 20;
        _github.Reset = _clock.GetUtcNow().AddMinutes(10);
        var polls = new GitHubPolls(_github.Address, _clock);
        var truth = _github.Organization.Truth();
        var events = await polls.PollAsync(Stop);
        new Witness().Judge(events, truth, truth).ShouldBeEmpty();
        events.OfType<ScopeEnded>().ShouldNotContain(e => e.Outcome == ScopeOutcome.Failed);
        _github.Trespasses.ShouldBe(0);
        _github.Requests.ShouldNotContain(r => r.EndsWith(" 403", StringComparison.Ordinal));
        polls.Said.ShouldContain("waiting for GitHub's limit until 12:10:01 UTC");
        polls.Notes.ShouldContain(n => n.Contains("waited 60", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadAsync_ResetIsTooFar_FailsWithTheInstantAndAsksNoMore()
    {
        _github.Remaining = 20;
        _github.Reset = _clock.GetUtcNow().AddHours(3);
        var truth = _github.Organization.Truth();
        var events = await new GitHubPolls(_github.Address, _clock).PollAsync(Stop);
        new Witness().Judge(events, truth, truth).ShouldBeEmpty();
        events.OfType<ScopeEnded>().Where(e => e.Outcome == ScopeOutcome.Failed).ShouldNotBeEmpty();
        events.OfType<ScopeEnded>().First(e => e.Outcome == ScopeOutcome.Failed).Error!.ShouldContain("2026-06-01 15:00");
        _github.Requests.Count(r => !r.EndsWith(" 304", StringComparison.Ordinal)).ShouldBeLessThanOrEqualTo(20);
    }

    [Fact]
    public async Task ReadAsync_LimitsFromManySides_NeverTrespasses()
    {
        _github.Plan(ScriptedFault.TooManyWithRetryAfter, "orgs/acme/repos", 1, 1);
        _github.Plan(ScriptedFault.SecondaryLimit, "repos/acme/repo-0/keys", 1, 2);
        _github.Plan(ScriptedFault.TooManyWithout, "repos/acme/repo-1/keys", 2, 1);
        _github.Plan(ScriptedFault.PrimaryLimit, "repos/acme/repo-1/hooks", 1, 1);
        var events = await new GitHubPolls(_github.Address, _clock).PollAsync(Stop);
        events.OfType<ScopeEnded>().ShouldNotContain(e => e.Outcome == ScopeOutcome.Failed);
        _github.Trespasses.ShouldBe(0);
    }
}
