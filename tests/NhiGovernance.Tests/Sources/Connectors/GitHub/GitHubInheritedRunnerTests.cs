using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>Runners that an enterprise shares stand in no list of the organization but that of their group.</summary>
public sealed class GitHubInheritedRunnerTests : IAsyncLifetime
{
    private const string Kind = "inherited-runners";
    private const string Groups = "orgs/acme/actions/runner-groups";
    private const string Inherited = "orgs/acme/actions/runner-groups/9/runners";
    private readonly ImpatientClock _clock = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private ScriptedGitHub _github = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The number of one of the organization's own runners, and of one of the enterprise's.</summary>
    private long Number => (long)_github.Organization.Lists["orgs/acme/actions/runners"].Items[0]["id"]!;

    public async ValueTask InitializeAsync()
    {
        var organization = new ScriptedOrganization(1, 2);
        _github = await ScriptedGitHub.StartAsync(organization, _clock);
        organization.Add(Groups, """{"id":9,"name":"of the enterprise","visibility":"all","default":false,"inherited":true,"allows_public_repositories":false}""");
        organization.List(Inherited, "runners", new(ScriptedOrganization.Part, Inherited), i => $"{i["id"]}");
        organization.Add(Inherited, $$"""{"id":{{Number}},"name":"big-iron","os":"linux","status":"online","ephemeral":false,"runner_group_id":1,"labels":[{"name":"self-hosted"}]}""");
    }

    public async ValueTask DisposeAsync() => await _github.DisposeAsync();

    [Fact]
    public async Task ReadAsync_InheritedGroup_ItsRunnersAreIdentitiesOfTheirOwn()
    {
        var events = await Polls().PollAsync(Stop);
        End(events).Outcome.ShouldBe(ScopeOutcome.Complete);
        var runner = Of(events, Kind).Single(i => i.Kind == IdentityKind.Runner);
        runner.NaturalKey.ShouldBe($"runner:inherited:4242:{Number}");
        runner.Name.ShouldBe("big-iron");
        runner.Place.ShouldBe(new PlaceReference("organization", "acme"));
        runner.Grants.ShouldHaveSingleItem().ShouldBe(new GrantObservation("runs jobs", "acme, by runner group 9", AltersRelease: true));
        runner.Facts["inherited"].ShouldBe(KnownValue.Of(true));
        runner.Facts["group"].ShouldBe(KnownValue.Of(9));

        // The organization's own runner of the same number is another one.
        runner.JoinKeys.ShouldBeEmpty();
        var own = Of(events, "organization-runners");
        own.Select(i => i.NaturalKey).ShouldContain($"runner:organization:{Number}");
        own.ShouldAllBe(i => !i.Facts.ContainsKey("inherited"));

        // The runners of the organization's own group are in its own list.
        _github.Requests.Where(r => r.Contains("/runner-groups/", StringComparison.Ordinal) && r.Contains("/runners?", StringComparison.Ordinal))
            .ShouldHaveSingleItem().ShouldStartWith($"GET {Inherited}?");
    }

    [Fact]
    public async Task ReadAsync_RunnersOfTheGroupChange_TheyAreNotAsLastTime()
    {
        var polls = Polls();
        await polls.PollAsync(Stop);
        End(await polls.PollAsync(Stop)).Outcome.ShouldBe(ScopeOutcome.Unchanged);
        _github.Organization.Add(Inherited, """{"id":77,"name":"bigger-iron","os":"linux","status":"online","labels":[]}""");
        var events = await polls.PollAsync(Stop);
        End(events).Outcome.ShouldBe(ScopeOutcome.Complete);
        Of(events, Kind).Where(i => i.Kind == IdentityKind.Runner).Select(i => i.Name).ShouldBe(["big-iron", "bigger-iron"]);
    }

    [Fact]
    public async Task ReadAsync_EphemeralRunnersOfTheGroup_AreOnePoolApartFromTheOrganizations()
    {
        var polls = Polls();
        foreach (var list in new[] { Inherited, "orgs/acme/actions/runners" })
        {
            for (var n = 0; n < 3; n++)
            {
                _github.Organization.Add(list, $$"""{"name":"job-{{n}}","os":"linux","status":"online","ephemeral":true,"runner_group_id":9,"labels":[{"name":"arc"}]}""");
            }
        }

        var events = await polls.PollAsync(Stop);
        var pool = Pools(events, Kind).ShouldHaveSingleItem();
        pool.NaturalKey.ShouldStartWith("runner-pool:inherited:4242:");
        pool.Facts["inherited"].ShouldBe(KnownValue.Of(true));
        pool.Facts["runnersUp"].ShouldBe(KnownValue.Tally(3));
        var own = Pools(events, "organization-runners").ShouldHaveSingleItem();
        own.NaturalKey.ShouldStartWith("runner-pool:organization:4242:");
        own.Facts["runnersUp"].ShouldBe(KnownValue.Tally(3));

        // None is up: what makes them is there still, for a month.
        lock (_github.Organization.Gate)
        {
            _github.Organization.Lists[Inherited].Items.RemoveAll(r => (bool?)r["ephemeral"] == true);
        }

        var without = Pools(await polls.PollAsync(Stop), Kind).ShouldHaveSingleItem();
        without.NaturalKey.ShouldBe(pool.NaturalKey);
        without.Facts["runnersUp"].ShouldBe(KnownValue.Tally(0));
        _clock.Advance(TimeSpan.FromDays(31));
        var later = await polls.PollAsync(Stop);
        Pools(later, Kind).ShouldBeEmpty();
        Pools(later, "organization-runners").ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(true, ScopeOutcome.Denied)]
    [InlineData(false, ScopeOutcome.NotAvailable)]
    public async Task ReadAsync_RunnersOfTheGroupRefusedOrHidden_AreNotKnownAndTheGroupsAre(bool isRefused, ScopeOutcome outcome)
    {
        if (isRefused)
        {
            _github.Denied["runner-groups/9/runners"] = "organization_self_hosted_runners=read";
        }
        else
        {
            _github.Organization.Lists.Remove(Inherited);
        }

        var events = await Polls().PollAsync(Stop);
        End(events).Outcome.ShouldBe(outcome);
        End(events).Permission.ShouldNotBeNullOrEmpty();
        Of(events, Kind).ShouldBeEmpty();
        Of(events, "runner-groups").Count(i => i.Kind == IdentityKind.RunnerGroup).ShouldBe(2);
    }

    /// <summary>Pages that are not full, so that entity tags prove a list.</summary>
    private GitHubPolls Polls() => new(_github.Address, _clock) { Limits = GitHubPolls.Quick with { PageSize = 10 } };

    private static ScopeEnded End(IEnumerable<ReadEvent> events) => events.OfType<ScopeEnded>().Single(e => e.Scope.Kind == Kind);

    private static List<IdentityObservation> Of(IEnumerable<ReadEvent> events, string kind) =>
        [.. events.OfType<ScopePage>().Where(p => p.Scope.Kind == kind).SelectMany(p => p.Observations).OfType<IdentityObservation>()];

    private static List<IdentityObservation> Pools(IEnumerable<ReadEvent> events, string kind) =>
        [.. Of(events, kind).Where(i => i.NaturalKey.StartsWith("runner-pool:", StringComparison.Ordinal))];
}
