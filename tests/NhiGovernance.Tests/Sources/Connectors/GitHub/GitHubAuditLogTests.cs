using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>The audit log, by cursor as GitHub gives it: read on where the last run stopped, and what it says of uses.</summary>
public sealed class GitHubAuditLogTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ImpatientClock _clock = new(Start);
    private readonly List<JsonObject> _log = [];
    private bool _refusesCursors;
    private ScriptedGitHub _github = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var organization = new ScriptedOrganization(1, 3);
        organization.AddAuditLog(0, Start);
        _github = await ScriptedGitHub.StartAsync(organization, _clock);
        _github.Extra = AnswerAsync;
    }

    public async ValueTask DisposeAsync() => await _github.DisposeAsync();

    [Fact]
    public async Task ReadAsync_LogGrows_TheNextRunGoesOnAtTheCursorAndNothingIsLost()
    {
        var polls = new GitHubPolls(_github.Address, _clock, ("auditLog", "true"));
        Grow(5);
        var first = await polls.PollAsync(Stop);
        Events(first).ShouldBe(["audit-event:e0", "audit-event:e1", "audit-event:e2", "audit-event:e3", "audit-event:e4"]);
        Asked().ShouldAllBe(a => a.Contains("order=asc", StringComparison.Ordinal) && a.Contains("created%3A%3E%3D2026-05-31", StringComparison.Ordinal));
        Asked()[0].ShouldNotContain("after=");

        Grow(4);
        _github.Requests.Clear();
        Events(await polls.PollAsync(Stop)).ShouldBe(["audit-event:e4", "audit-event:e5", "audit-event:e6", "audit-event:e7", "audit-event:e8"]);
        Asked().ShouldAllBe(a => a.Contains("after=", StringComparison.Ordinal));
        Asked().Count.ShouldBe(3);
    }

    [Fact]
    public async Task ReadAsync_EveryStretch_IsAScopeOfItsOwnThatIsNotStartedAgain()
    {
        var polls = new GitHubPolls(_github.Address, _clock, ("auditLog", "true"));
        Grow(4);
        var first = Stretches(await polls.PollAsync(Stop));
        Grow(4);
        var second = Stretches(await polls.PollAsync(Stop));
        first.ShouldHaveSingleItem().Outcome.ShouldBe(ScopeOutcome.Complete);
        second.ShouldHaveSingleItem().Outcome.ShouldBe(ScopeOutcome.Complete);
        second[0].Scope.ShouldNotBe(first[0].Scope);
    }

    [Fact]
    public async Task ReadAsync_LongerThanARunReads_SaysSoAndCatchesUp()
    {
        var polls = new GitHubPolls(_github.Address, _clock, ("auditLog", "true"));
        Grow(130);
        var first = await polls.PollAsync(Stop);
        var end = first.OfType<ScopeEnded>().Single(e => e.Scope.Kind == "audit-log");
        end.Outcome.ShouldBe(ScopeOutcome.Failed);
        end.Error!.ShouldContain("the next run goes on");
        Stretches(first).Single().Outcome.ShouldBe(ScopeOutcome.Complete);
        var second = await polls.PollAsync(Stop);
        second.OfType<ScopeEnded>().Single(e => e.Scope.Kind == "audit-log").Outcome.ShouldBe(ScopeOutcome.Complete);
        Events(first).Concat(Events(second)).Distinct().Count().ShouldBe(130);
    }

    [Fact]
    public async Task ReadAsync_CursorExpired_StartsAgainFromTheDayOfTheNewestEvent()
    {
        var polls = new GitHubPolls(_github.Address, _clock, ("auditLog", "true"));
        Grow(5);
        await polls.PollAsync(Stop);
        _refusesCursors = true;
        _clock.Advance(TimeSpan.FromDays(9));
        _github.Requests.Clear();
        Events(await polls.PollAsync(Stop)).Count.ShouldBe(2);
        Asked().ShouldContain(a => a.Contains("created%3A%3E%3D2026-06-01", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadAsync_UsesInTheLog_AreTheLastUseOfAppsTokensAndPeople()
    {
        var polls = new GitHubPolls(_github.Address, _clock);
        ScriptedApp.SignIn(polls, _github);
        var mint = _github.Extra!;
        _github.Extra = async http => await mint(http) || await AnswerAsync(http);
        _github.Organization.Add("orgs/acme/personal-access-tokens", """{"owner":{"login":"person-0","id":1},"repository_selection":"none","token_id":77,"token_name":"laptop","token_last_used_at":"2026-01-01T00:00:00Z"}""");
        polls.Set(("auditLog", "true"));
        (await polls.PollAsync(Stop)).OfType<ScopePage>().SelectMany(p => p.Observations).OfType<IdentityObservation>()
            .Where(i => i.Kind == IdentityKind.AppInstallation).ShouldAllBe(i => i.LastUsedAt == KnownValue.NotExposed);

        // app-1 was seen; that the others were not proves nothing.
        Grow(1, "app-1[bot]", 77, "git.clone");
        Grow(1, "person-2", null, "repo.access");
        var all = (await polls.PollAsync(Stop)).OfType<ScopePage>().SelectMany(p => p.Observations).ToList();
        var apps = all.OfType<IdentityObservation>().Where(i => i.Kind == IdentityKind.AppInstallation).ToDictionary(i => i.Name, i => i.LastUsedAt);
        apps["app-1"].ShouldBe(KnownValue.Of(Start));
        apps["app-0"].ShouldBe(KnownValue.NotExposed);
        all.OfType<IdentityObservation>().Single(i => i.Kind == IdentityKind.AccessToken).LastUsedAt.ShouldBe(KnownValue.Of(Start));
        var people = all.OfType<PersonObservation>().ToDictionary(p => p.Login, p => p.Facts["lastActive"]);
        people["person-2"].Text.ShouldBe("2026-06-01T12:01:00.000Z");
        people["person-0"].ShouldBe(KnownValue.NotExposed);

        // What was learned stays, also when the log has nothing new.
        (await polls.PollAsync(Stop)).OfType<ScopeEnded>().Single(e => e.Scope.Kind == "app-installations").Outcome.ShouldBe(ScopeOutcome.Unchanged);
    }

    [Fact]
    public async Task ReadAsync_Event_KeepsWhoHowAndTheTokensHashOnly()
    {
        var polls = new GitHubPolls(_github.Address, _clock, ("auditLog", "true"));
        Grow(1);
        var events = await polls.PollAsync(Stop);
        var fact = events.OfType<ScopePage>().Where(p => p.Scope.Kind == "audit-events").SelectMany(p => p.Observations).OfType<ResourceObservation>().Single().Facts;
        fact["accessType"].ShouldBe(KnownValue.Of("GitHub App server-to-server token"));
        fact["tokenHash"].ShouldBe(KnownValue.Of("tQkzWqSRhOhMxEJZ1gRVKsH2gc7+kqT7LMkL6r1rXGM="));
        fact["actor"].ShouldBe(KnownValue.Of("person-0"));
        string.Join('\n', events.Select(Everything.Of)).ShouldNotContain("CANARY");
        string.Join('\n', polls.Kept.Values.Values).ShouldNotContain("://");
    }

    [Fact]
    public async Task ReadAsync_BrokenInTheMiddle_ConcludesNothingAndReadsAgain()
    {
        var polls = new GitHubPolls(_github.Address, _clock, ("auditLog", "true"));
        Grow(5);
        var answer = _github.Extra!;
        var calls = 0;
        _github.Extra = async http =>
        {
            if (IsLog(http) && Interlocked.Increment(ref calls) is > 1 and < 4)
            {
                await ScriptedGitHub.WriteAsync(http, 200, "[{\"_document_id\":");
                return true;
            }

            return await answer(http);
        };
        var broken = await polls.PollAsync(Stop);
        Stretches(broken).Single().Outcome.ShouldBe(ScopeOutcome.Failed);
        Events(await polls.PollAsync(Stop)).Count.ShouldBe(5);
    }

    private static List<string> Events(IEnumerable<ReadEvent> events) =>
        [.. events.OfType<ScopePage>().Where(p => p.Scope.Kind == "audit-events").SelectMany(p => p.Observations).Select(o => o.NaturalKey)];

    private static List<ScopeEnded> Stretches(IEnumerable<ReadEvent> events) => [.. events.OfType<ScopeEnded>().Where(e => e.Scope.Kind == "audit-events")];

    private static bool IsLog(HttpContext http) => http.Request.Path.Value!.EndsWith("/audit-log", StringComparison.Ordinal);

    private List<string> Asked() => [.. _github.Requests.Where(r => r.Contains("/audit-log", StringComparison.Ordinal))];

    private void Grow(int events, string actor = "person-0", int? token = null, string action = "personal_access_token.access_granted")
    {
        for (var n = 0; n < events; n++)
        {
            _github.Organization.AddEvent($"e{_log.Count}", Start.AddMinutes(_log.Count), action, actor);
            var entry = _github.Organization.Lists[ScriptedOrganization.AuditLog].Items[^1];
            entry["token_id"] = token;
            _log.Add(entry);
        }
    }

    /// <summary>GitHub's cursors go by the event; its address names the organization by number.</summary>
    private async Task<bool> AnswerAsync(HttpContext http)
    {
        if (!IsLog(http))
        {
            return false;
        }

        var after = http.Request.Query["after"].ToString();
        if (after.Length > 0 && _refusesCursors)
        {
            await ScriptedGitHub.WriteAsync(http, 422, """{"message":"Invalid cursor"}""");
            return true;
        }

        var start = after.Length > 0 ? int.Parse(after, CultureInfo.InvariantCulture) : 0;
        var page = _log.Skip(start).Take(2).Select(e => e.DeepClone()).ToArray();
        if (start + 2 < _log.Count)
        {
            http.Response.Headers.Link = $"<{_github.Address}/api/v3/organizations/4242/audit-log?order=asc&include=all&per_page=2&phrase=created%3A%3E%3D2026-05-31&after={start + 2}>; rel=\"next\"";
        }

        await ScriptedGitHub.WriteAsync(http, 200, new JsonArray(page).ToJsonString());
        return true;
    }
}
