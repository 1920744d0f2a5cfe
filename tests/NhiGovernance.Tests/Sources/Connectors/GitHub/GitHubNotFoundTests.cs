using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Connectors.GitHub;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>GitHub answers 404 for a list that the plan does not have, and for one that it hides: which it is, as far as anybody can tell.</summary>
public sealed class GitHubNotFoundTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Runners = "acme/actions/runner-groups";

    private static readonly Scope Groups = new("runner-groups", "acme");

    private readonly ImpatientClock _clock = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Runners, "runner-groups", "acme")]
    [InlineData("acme/credential-authorizations", "sso-credentials", "acme")]
    [InlineData("acme/secret-scanning/alerts", "organization-secret-alerts", "acme")]
    [InlineData("acme/bypass-requests/secret-scanning", "bypass-requests", "acme/2026-W23")]
    [InlineData("acme/dismissal-requests/secret-scanning", "dismissal-requests", "acme/2026-W23")]
    [InlineData("acme/audit-log", "audit-log", "acme")]
    [InlineData("repo-0/environments", "environments", "acme/repo-0")]
    [InlineData("repo-0/environments", "environment-secrets", "acme/repo-0")]
    [InlineData("repo-0/environments", "environment-variables", "acme/repo-0")]
    [InlineData("repo-0/secret-scanning/scan-history", "secret-scan-history", "acme/repo-0")]
    public async Task ReadAsync_ClassicTokenWithoutAnyAcceptedScope_EndsDenied(string path, string kind, string place)
    {
        await using var github = await ClassicAsync("repo, read:org");
        github.Extra = Hide(path, ("X-OAuth-Scopes", "repo, read:org"), ("X-Accepted-OAuth-Scopes", "admin:org, needed:here"));
        var events = await new GitHubPolls(github.Address, _clock, ("auditLog", "true")).PollAsync(Stop);
        End(events, new(kind, place)).ShouldBe(ScopeEnded.Denied(new(kind, place), "scope admin:org or needed:here"));
    }

    [Theory]
    [InlineData("admin:org")]
    [InlineData("write:org, admin:org")]
    [InlineData(null)]
    public async Task ReadAsync_ClassicTokenThatMayLackTheRole_SaysThatItIsNotKnown(string? accepted)
    {
        await using var github = await ClassicAsync("repo, admin:org");
        github.Extra = Hide(Runners, ("X-OAuth-Scopes", "repo, admin:org"), ("X-Accepted-OAuth-Scopes", accepted));
        await ShouldNotBeKnownAsync(new GitHubPolls(github.Address, _clock), "\"Self-hosted runners: read\" is missing");
    }

    [Theory]
    [InlineData("organization_self_hosted_runners=read", "\"Organization self hosted runners: read\" is missing")]
    [InlineData(null, "\"Self-hosted runners: read\" is missing")]
    public async Task ReadAsync_FineGrainedToken_SaysThatItIsNotKnown(string? accepted, string said)
    {
        await using var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(1, 2), _clock);
        github.Extra = Hide(Runners, ("X-Accepted-GitHub-Permissions", accepted));
        await ShouldNotBeKnownAsync(new GitHubPolls(github.Address, _clock), said);
    }

    [Theory]
    [InlineData("metadata", "read", "organization_self_hosted_runners=read", "Organization self hosted runners: read")]
    [InlineData("organization_self_hosted_runners", "read", "organization_self_hosted_runners=write", "Organization self hosted runners: write")]
    [InlineData("organization_self_hosted_runners", "read", "organization_self_hosted_runners=read,members=read", "Organization self hosted runners: read, Members: read")]
    [InlineData("organization_self_hosted_runners", "read", "organization_self_hosted_runners=read", null)]
    [InlineData("organization_self_hosted_runners", "write", "organization_self_hosted_runners=read", null)]
    [InlineData("organization_self_hosted_runners", "read", "organization_administration=write; organization_self_hosted_runners=read", null)]
    public async Task ReadAsync_App_IsJudgedByWhatItsInstallationMayDo(string may, string level, string accepted, string? missing)
    {
        await using var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(1, 2), _clock);
        var polls = App(github, may, level, accepted);
        var end = End(await polls.PollAsync(Stop), Groups);
        if (missing is not null)
        {
            end.ShouldBe(ScopeEnded.Denied(Groups, missing));
            return;
        }

        (end.Outcome, end.Permission).ShouldBe((ScopeOutcome.NotAvailable, null));
        end.Error.ShouldBe("GitHub has no runner groups here (404): not part of the plan, or switched off. No permission is missing.");
        polls.Notes.ShouldNotContain(n => n.Contains("runner groups", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("organization_self_hosted_runners", "sometimes", "organization_self_hosted_runners=read")]
    [InlineData("organization_self_hosted_runners", "read", null)]
    public async Task ReadAsync_AppOfWhichNobodyCanTell_SaysThatItIsNotKnown(string may, string level, string? accepted)
    {
        await using var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(1, 2), _clock);
        await ShouldNotBeKnownAsync(App(github, may, level, accepted), "is missing");
    }

    [Fact]
    public async Task ReadAsync_WhoeverSeesTheRepositoryMayReadIt_IsNotThere()
    {
        await using var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(1, 2), _clock);
        github.Extra = Hide("rules/branches/main");
        var end = End(await new GitHubPolls(github.Address, _clock).PollAsync(Stop), new("branch-rules", "acme/repo-0"));
        (end.Outcome, end.Permission).ShouldBe((ScopeOutcome.NotAvailable, null));
        end.Error!.ShouldContain("No permission is missing");
    }

    [Theory]
    [InlineData("repo, read:org", "admin:org", TestOutcome.Warn, "Missing: scope admin:org. Grant it")]
    [InlineData("repo, admin:org", "admin:org", TestOutcome.Warn, "Not known: GitHub shows no runner groups")]
    public async Task TestAsync_ListHidden_SaysTheSameAsAPoll(string held, string accepted, TestOutcome outcome, string said)
    {
        await using var github = await ClassicAsync(held);
        github.Extra = Hide(Runners, ("X-OAuth-Scopes", held), ("X-Accepted-OAuth-Scopes", accepted));
        var step = (await new GitHubPolls(github.Address, _clock).TestAsync(Stop)).Single(s => s.Name == "Runner groups of acme");
        step.Outcome.ShouldBe(outcome);
        step.Detail.ShouldContain(said);
    }

    [Fact]
    public async Task Poll_HiddenForWantOfAPermission_IsNoCompleteRun_AndOneThatIsNotKnownStaysOneThatSaysSo()
    {
        await using var polled = await PolledGitHub.OpenAsync(database, new ScriptedOrganization(1, 2), asApp: false, 1);
        polled.GitHub.ExtraHeaders = new Dictionary<string, string> { ["X-OAuth-Scopes"] = "repo, read:org" };
        polled.GitHub.Extra = Hide(Runners, ("X-OAuth-Scopes", "repo, read:org"));
        var unclear = await polled.PollAsync();
        (unclear.State, unclear.ScopesDenied, unclear.ScopesFailed).ShouldBe((PollState.Complete, 0, 0), unclear.Problems);
        unclear.Notes!.ShouldContain("Not known of these lists");
        unclear.Notes!.ShouldContain("runner groups (1)");
        var complete = (await polled.SourceAsync()).LastCompleteAt.ShouldNotBeNull();

        polled.GitHub.Extra = Hide(Runners, ("X-OAuth-Scopes", "repo, read:org"), ("X-Accepted-OAuth-Scopes", "admin:org"));
        var denied = await polled.PollAsync();

        // The groups, and the enterprise's runners in them.
        (denied.State, denied.ScopesDenied, denied.ScopesFailed).ShouldBe((PollState.Partial, 2, 0), denied.Problems);
        (await polled.SourceAsync()).LastCompleteAt.ShouldBe(complete, "a list is hidden");
    }

    [Theory]
    [InlineData("", "admin:org", false)]
    [InlineData("repo", "admin:org, read:org", false)]
    [InlineData("read:org", "admin:org", false)]
    [InlineData("write:org", "manage_runners:org", false)]
    [InlineData("admin:repo_hook", "read:org", false)]
    [InlineData("public_repo", "repo", false)]
    [InlineData("admin:org", "read:org", null)]
    [InlineData("write:org", "read:org", null)]
    [InlineData("admin:org", "manage_runners:org", null)]
    [InlineData("repo", "security_events", null)]
    [InlineData("audit_log", "read:audit_log", null)]
    [InlineData("gist, user", "user:email", null)]
    [InlineData("repo", "", null)]
    [InlineData("", null, null)]
    public void IsHeldBy_ScopesOfAClassicToken_HoldSmallerOnesAndProveNoRole(string held, string? accepted, bool? known) =>
        new NeededGrant(null, accepted, held).IsHeldBy(null).ShouldBe(known);

    private static ScopeEnded End(List<ReadEvent> events, Scope scope) => events.OfType<ScopeEnded>().Single(e => e.Scope == scope);

    /// <summary>Ends like a list that the plan does not have, and says on the scope and on the run that this is not known.</summary>
    private static async Task ShouldNotBeKnownAsync(GitHubPolls polls, string said)
    {
        var end = End(await polls.PollAsync(Stop), Groups);
        end.Outcome.ShouldBe(ScopeOutcome.NotAvailable);
        end.Permission.ShouldNotBeNullOrEmpty("it counts as not known by that");
        end.Error!.ShouldContain($"\"{end.Permission}\" is missing");
        end.Error!.ShouldStartWith("Not known: GitHub shows no runner groups here (404)");
        end.Error!.ShouldContain(said);
        polls.Notes.ShouldContain(n => n.StartsWith("Not known of these lists", StringComparison.Ordinal) && n.Contains("runner groups (1)", StringComparison.Ordinal));
    }

    /// <summary>Lists that end so answer 404, with these headers.</summary>
    private static Func<HttpContext, Task<bool>> Hide(string path, params (string Name, string? Value)[] headers) => async http =>
    {
        if (!http.Request.Path.Value!.EndsWith(path, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var (name, value) in headers.Where(h => h.Value is not null))
        {
            http.Response.Headers[name] = value;
        }

        await ScriptedGitHub.WriteAsync(http, 404, """{"message":"Not Found"}""");
        return true;
    };

    private async Task<ScriptedGitHub> ClassicAsync(string scopes)
    {
        var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(1, 2), _clock);
        github.ExtraHeaders = new Dictionary<string, string> { ["X-OAuth-Scopes"] = scopes };
        return github;
    }

    /// <summary>An App whose installation has one permission, and from which the runner groups are hidden.</summary>
    private GitHubPolls App(ScriptedGitHub github, string may, string level, string? accepted)
    {
        var polls = new GitHubPolls(github.Address, _clock);
        ScriptedApp.SignIn(polls, github);
        var hide = Hide(Runners, ("X-Accepted-GitHub-Permissions", accepted));
        github.Extra = async http =>
        {
            if (!http.Request.Path.Value!.EndsWith("/access_tokens", StringComparison.Ordinal))
            {
                return await hide(http);
            }

            await ScriptedGitHub.WriteAsync(http, 201, JsonSerializer.Serialize(new
            {
                token = "ghs_scripted", expires_at = _clock.GetUtcNow().AddHours(1).ToString("O", CultureInfo.InvariantCulture),
                permissions = new Dictionary<string, string> { [may] = level },
            }));
            return true;
        };
        return polls;
    }
}
