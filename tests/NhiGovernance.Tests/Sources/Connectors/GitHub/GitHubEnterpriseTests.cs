using System.Globalization;
using System.Text.Json;
using NhiGovernance.Sources.Connectors.GitHub;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>App installations by way of the enterprise: another list, another installation of the App, and chosen repositories.</summary>
public sealed class GitHubEnterpriseTests : IAsyncLifetime
{
    private const string List = "enterprises/acme-corp/apps/organizations/acme/installations";
    private static readonly Scope Installations = new("app-installations", "acme");
    private readonly ImpatientClock _clock = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private ScriptedGitHub _github = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var organization = new ScriptedOrganization(1, 3);
        organization.Lists.Remove("orgs/acme/installations");
        organization.List(List, null, Installations, i => $"app-installation:{i["id"]}");
        foreach (var selection in new[] { "all", "selected", "all" })
        {
            organization.Add(List, $$"""{"app_slug":"builder","client_id":"Iv1.x","repository_selection":"{{selection}}","repositories_url":"https://elsewhere.example/","permissions":{"contents":"write"},"events":["push"],"created_at":"2025-01-01T00:00:00Z","updated_at":"2025-01-02T00:00:00Z"}""");
        }

        var chosen = $"{List}/{organization.Lists[List].Items[1]["id"]}/repositories";
        organization.List(chosen, null, new(ScriptedOrganization.Part, chosen), i => $"{i["id"]}");
        foreach (var name in new[] { "ledger", "web", "site" })
        {
            organization.Add(chosen, $$"""{"name":"{{name}}","full_name":"acme/{{name}}"}""");
        }

        _github = await ScriptedGitHub.StartAsync(organization, _clock);
    }

    public async ValueTask DisposeAsync() => await _github.DisposeAsync();

    [Fact]
    public async Task ReadAsync_EnterpriseNamed_ReadsItsListWithTheChosenRepositories()
    {
        var events = await Polls().PollAsync(Stop);

        events.OfType<ScopeEnded>().Single(e => e.Scope == Installations).ShouldBe(ScopeEnded.Complete(Installations));
        var apps = events.OfType<ScopePage>().Where(p => p.Scope == Installations).SelectMany(p => p.Observations).OfType<IdentityObservation>().ToList();
        apps.Count.ShouldBe(3);
        apps[0].Facts["repositories"].ShouldBe(KnownValue.Of("all"));
        apps[0].Grants.ShouldBe([new("contents:write", "acme/*", true)]);
        apps[1].Grants.Select(g => g.Resource).ShouldBe(["acme/ledger", "acme/site", "acme/web"]);
        apps[1].Facts["repositories"].Text!.ShouldContain("acme/ledger");
        _github.Requests.ShouldNotContain(r => r.Contains("orgs/acme/installations", StringComparison.Ordinal));

        var again = await Polls().PollAsync(Stop);
        again.OfType<ScopeEnded>().Single(e => e.Scope == Installations).Outcome.ShouldBe(ScopeOutcome.Complete, "memory is another's");
    }

    [Theory]
    [InlineData("acme/installations")]
    [InlineData("/repositories")]
    public async Task ReadAsync_PermissionMissing_IsDeniedAndConcludesNothing(string path)
    {
        _github.Denied[path == "/repositories" ? $"installations/{_github.Organization.Lists[List].Items[1]["id"]}/repositories" : path] = "enterprise_organization_installations=read";

        var end = (await Polls().PollAsync(Stop)).OfType<ScopeEnded>().Single(e => e.Scope == Installations);

        end.ShouldBe(ScopeEnded.Denied(Installations, "Enterprise organization installations: read"));
    }

    [Fact]
    public async Task ReadAsync_EnterpriseThatHidesItself_IsDeniedInOurWords()
    {
        _github.Organization.Lists.Remove(List);

        var end = (await Polls().PollAsync(Stop)).OfType<ScopeEnded>().Single(e => e.Scope == Installations);

        end.Outcome.ShouldBe(ScopeOutcome.Denied);
        end.Permission!.ShouldContain("Enterprise organization installations: read");
    }

    [Fact]
    public async Task ReadAsync_AppInstalledOnTheEnterpriseToo_SignsInThereForItsListOnly()
    {
        var polls = Polls();
        ScriptedApp.SignIn(polls, _github);
        polls.Set(("enterpriseInstallationId", "123"));
        _github.Accepts = token => token is "ghs_99" or "ghs_123";
        var used = new List<(string Path, string Token)>();
        _github.Extra = async http =>
        {
            var path = http.Request.Path.Value!;
            if (path.EndsWith("/access_tokens", StringComparison.Ordinal))
            {
                await ScriptedGitHub.WriteAsync(http, 201, JsonSerializer.Serialize(new
                {
                    token = $"ghs_{path.Split('/')[^2]}", expires_at = _clock.GetUtcNow().AddHours(1).ToString("O", CultureInfo.InvariantCulture),
                    permissions = new Dictionary<string, string> { ["metadata"] = "read" },
                }));
                return true;
            }

            lock (used)
            {
                used.Add((path, http.Request.Headers.Authorization.ToString()));
            }

            return false;
        };

        (await polls.PollAsync(Stop)).OfType<ScopeEnded>().Single(e => e.Scope == Installations).Outcome.ShouldBe(ScopeOutcome.Complete);

        used.Where(u => u.Path.Contains("/enterprises/", StringComparison.Ordinal)).ShouldAllBe(u => u.Token.EndsWith("ghs_123", StringComparison.Ordinal));
        // What an installation may see is asked by the App itself.
        used.Where(u => !u.Path.Contains("/enterprises/", StringComparison.Ordinal) && !u.Path.Contains("/app/installations/", StringComparison.Ordinal)).ShouldAllBe(u => u.Token.EndsWith("ghs_99", StringComparison.Ordinal));
        used.Count(u => u.Path.Contains("/enterprises/", StringComparison.Ordinal)).ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Read_EnterpriseThatIsNoName_IsRefusedAtItsField()
    {
        var (settings, faults) = GitHubSettings.Read(new(new Dictionary<string, string>
        {
            ["organization"] = "acme", ["enterprise"] = "../orgs", ["enterpriseInstallationId"] = "-4",
        }));
        settings.ShouldBeNull();
        faults.Select(f => f.Field).ShouldBe(["enterprise", "enterpriseInstallationId"]);
    }

    private GitHubPolls Polls() => new(_github.Address, _clock, ("enterprise", "acme-corp"));
}
