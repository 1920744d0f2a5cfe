using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>Alerts of generic patterns are a second list, which GitHub gives to those only who name the types.</summary>
public sealed class GitHubGenericAlertTests : IAsyncLifetime
{
    private const string Kind = "organization-secret-alerts";
    private readonly ImpatientClock _clock = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private ScriptedGitHub _github = null!;
    private string _generic = "[]";
    private int _status = 200;
    private string? _unknown;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(1, 2), _clock);
        _github.Extra = AnswerAsync;
    }

    public async ValueTask DisposeAsync() => await _github.DisposeAsync();

    [Fact]
    public async Task ReadAsync_AlertsOfGenericPatterns_AreListedBesideTheOthersAndOnce()
    {
        var id = (long)_github.Organization.Lists["orgs/acme/repos"].Items[0]["id"]!;

        // 2 stands in both lists, as it does where the default is everything.
        _generic = $"[{Alert(id, 2)},{Alert(id, 7)}]";
        var polls = Polls();
        var events = await polls.PollAsync(Stop);
        Keys(events, Kind).ShouldBe([$"secret-alert:{id}:1", $"secret-alert:{id}:2", $"secret-alert:{id}:7"]);
        End(events, Kind).Outcome.ShouldBe(ScopeOutcome.Complete);
        string.Join('\n', events.Select(Everything.Of)).ShouldNotContain("CANARY");
        var asked = _github.Requests.Where(r => r.Contains("secret-scanning/alerts?", StringComparison.Ordinal)).ToList();
        asked.Count.ShouldBe(2);
        asked.ShouldAllBe(r => r.Contains("hide_secret=true", StringComparison.Ordinal));
        asked.Count(r => r.Contains("secret_type=ec_private_key,generic_private_key,", StringComparison.Ordinal)).ShouldBe(1);

        // As last time only when both lists are.
        End(await polls.PollAsync(Stop), Kind).Outcome.ShouldBe(ScopeOutcome.Unchanged);
        _generic = $"[{Alert(id, 2)},{Alert(id, 7)},{Alert(id, 8)}]";
        var changed = await polls.PollAsync(Stop);
        End(changed, Kind).Outcome.ShouldBe(ScopeOutcome.Complete);
        Keys(changed, Kind).ShouldBe([$"secret-alert:{id}:1", $"secret-alert:{id}:2", $"secret-alert:{id}:7", $"secret-alert:{id}:8"]);
    }

    [Theory]
    [InlineData(403, ScopeOutcome.Denied)]
    [InlineData(404, ScopeOutcome.Failed)]
    [InlineData(422, ScopeOutcome.Failed)]
    public async Task ReadAsync_SecondListRefused_TheScopeIsNotCompleteAndKeepsWhatTheFirstSaid(int status, ScopeOutcome outcome)
    {
        _status = status;
        var events = await Polls().PollAsync(Stop);
        End(events, Kind).Outcome.ShouldBe(outcome);
        Keys(events, Kind).Count.ShouldBe(2);
    }

    [Fact]
    public async Task ReadAsync_OneTypeNotKnownToTheServer_TheOthersAreAskedForOneByOne()
    {
        var id = (long)_github.Organization.Lists["orgs/acme/repos"].Items[0]["id"]!;
        (_generic, _unknown) = ($"[{Alert(id, 7)}]", "password");
        var events = await Polls().PollAsync(Stop);
        End(events, Kind).Outcome.ShouldBe(ScopeOutcome.Complete);
        Keys(events, Kind).Distinct().ShouldBe([$"secret-alert:{id}:1", $"secret-alert:{id}:2", $"secret-alert:{id}:7"]);
        _github.Requests.Count(r => r.Contains("secret_type=", StringComparison.Ordinal) && r.EndsWith(" 422", StringComparison.Ordinal)).ShouldBe(2, "all at once, and that type");
    }

    [Fact]
    public async Task ReadAsync_RepositoryOfAUser_IsAskedForBothAlsoWhereThePatternsAreOffNow()
    {
        const string Path = "repos/octocat/hello/secret-scanning/alerts";
        var organization = _github.Organization;
        organization.Documents["users/octocat"] = JsonNode.Parse("""{"id":1,"login":"octocat","type":"User"}""")!;
        organization.List("user/repos", null, new("repositories", "octocat"), i => $"repository:{i["id"]}");
        organization.Add("user/repos", """
            {"id":77,"name":"hello","full_name":"octocat/hello","owner":{"login":"octocat","id":1},"visibility":"public","default_branch":"main",
             "security_and_analysis":{"secret_scanning":{"status":"enabled"},"secret_scanning_non_provider_patterns":{"status":"disabled"}}}
            """);
        organization.List(Path, null, new("secret-alerts", "octocat/hello"), i => $"secret-alert:77:{i["number"]}");
        organization.Add(Path, Alert(77, 1, "github_personal_access_token"));
        _generic = $"[{Alert(77, 2)}]";

        var events = await Polls(("organization", "octocat")).PollAsync(Stop);
        Keys(events, "secret-alerts").ShouldBe(["secret-alert:77:1", "secret-alert:77:2"]);
        End(events, "secret-alerts").Outcome.ShouldBe(ScopeOutcome.Complete);
        events.OfType<ScopePage>().SelectMany(p => p.Observations).OfType<ResourceObservation>().Single(r => r.Kind == ResourceKind.Repository)
            .Facts["secretNonProviderPatterns"].ShouldBe(KnownValue.Of("disabled"));
    }

    [Fact]
    public async Task ReadAsync_SecuritySettingsHidden_WhetherThePatternsAreOnIsDenied()
    {
        var events = await Polls().PollAsync(Stop);
        events.OfType<ScopePage>().SelectMany(p => p.Observations).OfType<ResourceObservation>().Single(r => r.Kind == ResourceKind.Repository)
            .Facts["secretNonProviderPatterns"].ShouldBe(KnownValue.Denied("Administration: read"));
    }

    /// <summary>Pages that are not full, so that entity tags prove a list.</summary>
    private GitHubPolls Polls(params (string Key, string Value)[] settings) =>
        new(_github.Address, _clock, settings) { Limits = GitHubPolls.Quick with { PageSize = 10 } };

    private static List<string> Keys(IEnumerable<ReadEvent> events, string kind) =>
        [.. events.OfType<ScopePage>().Where(p => p.Scope.Kind == kind).SelectMany(p => p.Observations).Select(o => o.NaturalKey)];

    private static ScopeEnded End(IEnumerable<ReadEvent> events, string kind) => events.OfType<ScopeEnded>().Single(e => e.Scope.Kind == kind);

    private static string Alert(long repository, int number, string type = "rsa_private_key") => $$"""
        {"number":{{number}},"created_at":"2024-01-01T00:00:00Z","state":"open","secret_type":"{{type}}","secret":"{{ScriptedOrganization.Canary}}",
         "has_more_locations":false,"first_location_detected":{"path":"/key.pem","start_line":1,"commit_sha":"f14d7debf9775f957cf4f1e8176da0786431f72b"},
         "repository":{"id":{{repository}},"full_name":"acme/repo-0","owner":{"login":"acme"} } }
        """;

    /// <summary>The list of those who name types; the scripted organization answers all others.</summary>
    private async Task<bool> AnswerAsync(HttpContext http)
    {
        if (!http.Request.Path.Value!.EndsWith("/secret-scanning/alerts", StringComparison.Ordinal) || http.Request.Query["secret_type"].Count == 0)
        {
            return false;
        }

        var types = http.Request.Query["secret_type"].ToString().Split(',');
        if (_unknown is not null && types.Contains(_unknown))
        {
            await ScriptedGitHub.WriteAsync(http, 422, """{"message":"Validation Failed"}""");
            return true;
        }

        // Alert makes those of one type.
        if (_unknown is not null && !types.Contains("rsa_private_key"))
        {
            await ScriptedGitHub.WriteAsync(http, 200, "[]");
            return true;
        }

        if (_status != 200)
        {
            await ScriptedGitHub.WriteAsync(http, _status, """{"message":"No"}""");
            return true;
        }

        var tag = ScriptedGitHub.Tag(_generic);
        http.Response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch == tag)
        {
            http.Response.StatusCode = 304;
            return true;
        }

        await ScriptedGitHub.WriteAsync(http, 200, _generic);
        return true;
    }
}
