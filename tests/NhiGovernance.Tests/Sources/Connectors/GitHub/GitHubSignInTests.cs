using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>A GitHub App that signs in against a server which checks its JWT.</summary>
public sealed class GitHubSignInTests : IAsyncLifetime, IDisposable
{
    private readonly ImpatientClock _clock = new(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly RSA _key = RSA.Create(2048);
    private readonly List<string> _minted = [];
    private ScriptedGitHub _github = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var organization = new ScriptedOrganization(2, 3);
        var repositories = organization.Lists["orgs/acme/repos"];
        organization.Lists["installation/repositories"] = repositories with { Property = "repositories" };
        organization.List("orgs/acme/personal-access-tokens", null, new("fine-grained-tokens", "acme"), i => $"fine-grained-token:{i["id"]}");
        organization.List("orgs/acme/personal-access-token-requests", null, new("fine-grained-token-requests", "acme"), i => $"token-request:{i["id"]}");
        organization.Add("orgs/acme/personal-access-tokens", """{"owner":{"login":"person-0","id":1},"repository_selection":"all","permissions":{"repository":{"contents":"write"}},"access_granted_at":"2026-01-01T00:00:00Z","token_id":5,"token_name":"laptop","token_expired":false,"token_expires_at":null,"token_last_used_at":null}""");
        _github = await ScriptedGitHub.StartAsync(organization, _clock);
        _github.Extra = MintAsync;
        _github.Accepts = token => _minted.Count > 0 && token == _minted[^1];
    }

    public async ValueTask DisposeAsync() => await _github.DisposeAsync();

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task ReadAsync_AsApp_SeesFineGrainedTokens()
    {
        var truth = _github.Organization.Truth();
        var events = await Polls().PollAsync(Stop);
        new Witness().Judge(events, truth, truth).ShouldBeEmpty();
        events.OfType<ScopeEnded>().Single(e => e.Scope.Kind == "fine-grained-tokens").Outcome.ShouldBe(ScopeOutcome.Complete);
        _minted.Count.ShouldBe(1);
        _github.Requests.ShouldContain(r => r.StartsWith("GET installation/repositories", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadAsync_TokenEndsMidRun_BuysAnotherAndGoesOn()
    {
        var mint = _github.Extra!;
        _github.Extra = http =>
        {
            // Every request takes two minutes of the hour that the token has.
            _clock.Advance(TimeSpan.FromMinutes(2));
            return mint(http);
        };
        var truth = _github.Organization.Truth();
        var events = await Polls().PollAsync(Stop);
        new Witness().Judge(events, truth, truth).ShouldBeEmpty();
        events.OfType<ScopeEnded>().ShouldNotContain(e => e.Outcome == ScopeOutcome.Failed);
        _minted.Count.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task ReadAsync_TokenRevokedMidRun_BuysAnotherOnce()
    {
        var left = 20;
        _github.Accepts = token => token == _minted[^1] && (_minted.Count > 1 || --left >= 0);
        var truth = _github.Organization.Truth();
        var events = await Polls().PollAsync(Stop);
        new Witness().Judge(events, truth, truth).ShouldBeEmpty();
        events.OfType<ScopeEnded>().ShouldNotContain(e => e.Outcome == ScopeOutcome.Failed);
        _minted.Count.ShouldBe(2);
    }

    [Fact]
    public async Task ReadAsync_OwnClockIsTenMinutesOff_SignsByGitHubsClock()
    {
        var ours = new ImpatientClock(_clock.GetUtcNow().AddMinutes(10));
        var polls = Polls(ours);
        var events = await polls.PollAsync(Stop);
        events.OfType<ScopeEnded>().Single(e => e.Scope.Kind == "repositories").Outcome.ShouldBe(ScopeOutcome.Complete);
    }

    [Fact]
    public async Task ReadAsync_InstallationGone_FailsPlainlyAndAsksOnce()
    {
        var polls = Polls(installation: "98");
        var events = await polls.PollAsync(Stop);
        events.OfType<ScopeEnded>().ShouldAllBe(e => e.Outcome == ScopeOutcome.Failed && e.Error!.Contains("installation 98", StringComparison.Ordinal));
        _github.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task TestAsync_KeyIsNoKey_SaysSo()
    {
        var polls = Polls();
        polls.Secrets["privateKey"] = "not a key CANARY";
        var steps = await polls.TestAsync(Stop);
        steps[^1].Outcome.ShouldBe(TestOutcome.Fail);
        steps[^1].Detail.ShouldContain("private key cannot be read");
        string.Join('\n', steps).ShouldNotContain("CANARY");
    }

    private GitHubPolls Polls(TimeProvider? clock = null, string installation = "99")
    {
        var polls = new GitHubPolls(_github.Address, clock ?? _clock, ("auth", "app"), ("appId", "7"), ("installationId", installation));
        polls.Secrets.Clear();
        polls.Secrets["privateKey"] = _key.ExportRSAPrivateKeyPem();
        return polls;
    }

    private async Task<bool> MintAsync(HttpContext http)
    {
        if (!http.Request.Path.Value!.EndsWith("/access_tokens", StringComparison.Ordinal))
        {
            return false;
        }

        if (!http.Request.Path.Value.EndsWith("/99/access_tokens", StringComparison.Ordinal))
        {
            await ScriptedGitHub.WriteAsync(http, 404, """{"message":"Not Found"}""");
            return true;
        }

        if (!IsSound(http.Request.Headers.Authorization.ToString().Replace("Bearer ", string.Empty, StringComparison.Ordinal)))
        {
            await ScriptedGitHub.WriteAsync(http, 401, """{"message":"A JSON web token could not be decoded"}""");
            return true;
        }

        _minted.Add(string.Create(CultureInfo.InvariantCulture, $"ghs_installation{_minted.Count}"));
        await ScriptedGitHub.WriteAsync(http, 201, JsonSerializer.Serialize(new
        {
            token = _minted[^1], expires_at = _clock.GetUtcNow().AddHours(1).ToString("O", CultureInfo.InvariantCulture),
            permissions = new Dictionary<string, string> { ["contents"] = "write", ["metadata"] = "read" },
        }));
        return true;
    }

    /// <summary>As GitHub checks: RS256, not from the future, at most ten minutes.</summary>
    private bool IsSound(string jwt)
    {
        var parts = jwt.Split('.');
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        var issued = DateTimeOffset.FromUnixTimeSeconds(claims.RootElement.GetProperty("iat").GetInt64());
        var expires = DateTimeOffset.FromUnixTimeSeconds(claims.RootElement.GetProperty("exp").GetInt64());
        return _key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            && claims.RootElement.GetProperty("iss").GetString() == "7" && issued <= _clock.GetUtcNow().AddSeconds(1) && expires > _clock.GetUtcNow()
            && expires <= _clock.GetUtcNow().AddMinutes(10);
    }
}
