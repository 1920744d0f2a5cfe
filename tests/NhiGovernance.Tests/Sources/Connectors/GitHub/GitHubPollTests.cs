using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

public sealed class GitHubPollTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ImpatientClock _clock = new(Start);
    private ScriptedGitHub _github = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(2, 5), _clock);

    public async ValueTask DisposeAsync() => await _github.DisposeAsync();

    [Fact]
    public async Task ReadAsync_WholeOrganization_EveryListIsCompleteAndTrue()
    {
        var polls = new GitHubPolls(_github.Address, _clock);
        var truth = _github.Organization.Truth();
        var events = await polls.PollAsync(Stop);
        new Witness().Judge(events, truth, truth).ShouldBeEmpty();
        var ends = events.OfType<ScopeEnded>().ToDictionary(e => e.Scope);
        foreach (var scope in truth.Keys)
        {
            ends[scope].Outcome.ShouldBe(ScopeOutcome.Complete, $"{scope}: {ends[scope].Error}");
        }

        ends[new Scope("fine-grained-tokens", "acme")].Outcome.ShouldBe(ScopeOutcome.NotAvailable);
        ends[new Scope("sso-credentials", "acme")].Outcome.ShouldBe(ScopeOutcome.NotAvailable);
        ends[new Scope("codespaces-secrets", "acme/repo-0")].Outcome.ShouldBe(ScopeOutcome.LeftOut);
        events[^1].ShouldBe(ScopeEnded.Complete(new Scope("repositories", "acme")));
        var keys = events.OfType<ScopePage>().Where(p => p.Scope.Kind == "deploy-keys").SelectMany(p => p.Observations).OfType<CredentialObservation>().ToList();
        keys.Count.ShouldBe(10);
        keys.ShouldAllBe(k => k.LastUsedAt.State == Knowledge.Never && k.CreatedAt.State == Knowledge.Value);
    }

    [Fact]
    public async Task ReadAsync_NothingChanged_ProvesItByTagsAndReadsInFullAfterADay()
    {
        var polls = new GitHubPolls(_github.Address, _clock);
        var witness = new Witness();
        var truth = _github.Organization.Truth();
        await Judged(polls, witness, truth);
        _github.Requests.Clear();
        var again = await Judged(polls, witness, truth);
        var outcomes = again.OfType<ScopeEnded>().ToDictionary(e => e.Scope, e => e.Outcome);
        outcomes[new("deploy-keys", "acme/repo-0")].ShouldBe(ScopeOutcome.Unchanged);
        outcomes[new("actions-secrets", "acme/repo-1")].ShouldBe(ScopeOutcome.Unchanged);
        outcomes[new("members", "acme")].ShouldBe(ScopeOutcome.Unchanged);
        outcomes[new("repositories", "acme")].ShouldBe(ScopeOutcome.Complete);
        _github.Requests.Count(r => r.EndsWith(" 304", StringComparison.Ordinal)).ShouldBeGreaterThan(30);

        _github.Organization.AddDeployKey("repo-0", "a new one");
        var changed = await Judged(polls, witness, _github.Organization.Truth());
        changed.OfType<ScopeEnded>().Single(e => e.Scope == new Scope("deploy-keys", "acme/repo-0")).Outcome.ShouldBe(ScopeOutcome.Complete);

        _clock.Advance(TimeSpan.FromHours(25));
        var full = await Judged(polls, witness, _github.Organization.Truth());
        full.OfType<ScopeEnded>().ShouldNotContain(e => e.Outcome == ScopeOutcome.Unchanged);
    }

    [Fact]
    public async Task ReadAsync_RepositoryDeleted_ItsListsAreNotStartedAndTheListOfRepositoriesIsComplete()
    {
        var polls = new GitHubPolls(_github.Address, _clock);
        var witness = new Witness();
        await Judged(polls, witness, _github.Organization.Truth());
        _github.Organization.RemoveRepository("repo-0");
        var events = await Judged(polls, witness, _github.Organization.Truth());
        events.ShouldNotContain(e => e.Scope.Place.StartsWith("acme/repo-0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadAsync_RepositoryVanishesDuringTheRun_ItsListsFailAndNothingIsConcluded()
    {
        _github.Extra = http =>
        {
            if (http.Request.Path.Value!.EndsWith("/repos/acme/repo-1/keys", StringComparison.Ordinal))
            {
                _github.Organization.RemoveRepository("repo-1");
            }

            return Task.FromResult(false);
        };
        var events = await new GitHubPolls(_github.Address, _clock).PollAsync(Stop);
        var keys = events.OfType<ScopeEnded>().Single(e => e.Scope == new Scope("deploy-keys", "acme/repo-1"));
        keys.Outcome.ShouldBe(ScopeOutcome.Failed);
        keys.Error!.ShouldContain("gone");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReadAsync_RepositoryLeftOut_NothingIsConcludedOfWhatWasReadBefore(bool remembered)
    {
        var polls = new GitHubPolls(_github.Address, _clock);
        await polls.PollAsync(Stop);
        var narrowed = new GitHubPolls(_github.Address, _clock, ("exclude", "repo-0\nother-*"));

        // A change of settings, as this is one, deletes the memory.
        foreach (var (key, value) in polls.Kept.Values.Where(_ => remembered))
        {
            narrowed.Kept.Values[key] = value;
        }

        var events = await narrowed.PollAsync(Stop);
        events.OfType<ScopeEnded>().Where(e => e.Scope.Place == "acme/repo-0").ShouldAllBe(e => e.Outcome == ScopeOutcome.LeftOut);
        events.OfType<ScopeEnded>().Count(e => e.Scope.Place == "acme/repo-0").ShouldBeGreaterThan(10);
        events.OfType<ScopePage>().SelectMany(p => p.Observations).OfType<ResourceObservation>().Where(r => r.Kind == ResourceKind.Repository)
            .Select(r => (r.Name, r.LeftOut)).ShouldBe([("acme/repo-0", true), ("acme/repo-1", false)], ignoreOrder: true);
    }

    [Fact]
    public async Task ReadAsync_PermissionsMissing_ListsAreDeniedInGitHubsWords()
    {
        _github.Denied["/keys"] = "administration=read";
        _github.Denied["/actions/permissions"] = "organization_administration=read";
        _github.Denied["acme/members"] = "members=read";
        var events = await new GitHubPolls(_github.Address, _clock).PollAsync(Stop);
        var ends = events.OfType<ScopeEnded>().ToDictionary(e => e.Scope);
        ends[new("deploy-keys", "acme/repo-0")].ShouldBe(ScopeEnded.Denied(new("deploy-keys", "acme/repo-0"), "Administration: read"));
        ends[new("members", "acme")].Permission.ShouldBe("Members: read");
        ends[new("organization-pipeline", "acme")].Outcome.ShouldBe(ScopeOutcome.Denied);
        var pipeline = events.OfType<ScopePage>().Single(p => p.Scope == new Scope("pipeline", "acme/repo-0")).Observations.OfType<IdentityObservation>().Single();
        pipeline.Facts["allowedActions"].ShouldBe(KnownValue.Denied("Organization administration: read"));
        pipeline.Facts["defaultWorkflowPermissions"].ShouldBe(KnownValue.Of("write"));
        pipeline.Grants.ShouldContain(g => g.Permission == "contents:write" && g.AltersRelease);
    }

    [Fact]
    public async Task ReadAsync_SignInRevokedMidRun_EveryListIsStartedAndFailsAndNothingMoreIsAsked()
    {
        var polls = new GitHubPolls(_github.Address, _clock);
        var witness = new Witness();
        var truth = _github.Organization.Truth();
        await Judged(polls, witness, truth);
        var left = 45;
        _github.Accepts = token => token == ScriptedGitHub.Token && Interlocked.Decrement(ref left) >= 0;
        _github.Requests.Clear();
        var events = await Judged(polls, witness, truth);
        events.OfType<ScopeEnded>().Count(e => e.Outcome == ScopeOutcome.Failed).ShouldBeGreaterThan(5);
        _github.Requests.Count(r => r.EndsWith(" 401", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task ReadAsync_Cancelled_TheListOfRepositoriesIsNotComplete()
    {
        var polls = new GitHubPolls(_github.Address, _clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var events = new List<ReadEvent>();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var read in polls.Connector.ReadAsync(polls.Context(), stop.Token))
            {
                events.Add(read);
                if (read is ScopeEnded { Scope.Kind: "deploy-keys" })
                {
                    await stop.CancelAsync();
                }
            }
        });
        events.OfType<ScopeEnded>().ShouldNotContain(e => e.Scope.Kind == "repositories");
    }

    [Fact]
    public async Task ReadAsync_SeveralAtOnce_IsAsTrueAndNeverMoreThanAllowed()
    {
        var inside = 0;
        var most = 0;
        _github.Extra = async http =>
        {
            var now = Interlocked.Increment(ref inside);
            lock (_clock)
            {
                most = Math.Max(most, now);
            }

            await Task.Yield();
            Interlocked.Decrement(ref inside);
            return false;
        };
        var truth = _github.Organization.Truth();
        var events = await new GitHubPolls(_github.Address, _clock, ("concurrency", "3")).PollAsync(Stop);
        new Witness().Judge(events, truth, truth).ShouldBeEmpty();
        most.ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task ReadAsync_PlantedSecrets_AppearNowhere()
    {
        var polls = new GitHubPolls(_github.Address, _clock);
        var events = await polls.PollAsync(Stop);
        _github.Plan(ScriptedFault.Unauthorized, "repos/acme/repo-0/keys", 1);
        events.AddRange(await polls.PollAsync(Stop));
        var steps = await polls.TestAsync(Stop);
        var all = string.Join('\n', events.Select(Everything.Of)) + string.Join('\n', polls.Notes) + string.Join('\n', polls.Said)
            + string.Join('\n', steps) + string.Join('\n', polls.Kept.Values.Select(v => v.Key + v.Value));
        all.ShouldNotContain("CANARY", Case.Insensitive);
        all.ShouldContain("webhook to hooks.example");
    }

    [Fact]
    public async Task ReadAsync_WithoutToken_FailsPlainlyAndAsksNothing()
    {
        var polls = new GitHubPolls(_github.Address, _clock);
        polls.Secrets["token"] = null;
        var events = await polls.PollAsync(Stop);
        events.OfType<ScopeEnded>().Single().Error!.ShouldContain("No token is set");
        _github.Requests.ShouldBeEmpty();
    }

    private async Task<List<ReadEvent>> Judged(GitHubPolls polls, Witness witness, Dictionary<Scope, HashSet<string>> truth)
    {
        var events = await polls.PollAsync(Stop);
        witness.Judge(events, truth, _github.Organization.Truth()).ShouldBeEmpty();
        return events;
    }
}
