using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>When the token of a source ends, its own row of the inventory says so.</summary>
public sealed class GitHubTokenExpiryTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Poll_GitHubSaysWhenTheTokenEnds_TheOwnRowShowsIt_UntilAnotherTokenIsSet()
    {
        await using var polled = await PolledGitHub.OpenAsync(database, new ScriptedOrganization(1, 1), asApp: false, 1);
        (await EndAsync(polled, "token")).ShouldBe(KnownValue.NotExposed, "GitHub has not been asked");
        (await EndAsync(polled, "webhookSecret")).ShouldBe(KnownValue.Never());

        polled.GitHub.ExtraHeaders = new Dictionary<string, string> { ["GitHub-Authentication-Token-Expiration"] = "2031-03-04 05:06:07 UTC" };
        await polled.PollAsync();
        (await EndAsync(polled, "token")).ShouldBe(KnownValue.Of(new DateTimeOffset(2031, 3, 4, 5, 6, 7, TimeSpan.Zero)));

        // Silence is not "never": what was said of this token still holds.
        polled.GitHub.ExtraHeaders = new Dictionary<string, string>();
        await polled.PollAsync();
        (await EndAsync(polled, "token")).State.ShouldBe(Knowledge.Value);

        var set = await polled.Get<SetSourceSecret>().RunAsync(new SetSourceSecretRequest(polled.SourceId, "token", "another-token-of-theirs"), Stop);
        set.IsOk.ShouldBeTrue();
        (await EndAsync(polled, "token")).ShouldBe(KnownValue.NotExposed);
    }

    private static async Task<KnownValue> EndAsync(PolledGitHub polled, string key)
    {
        var own = polled.Get<IEnumerable<IOwnCredentials>>().Single(o => o.Kind == "source-credentials");
        return (await own.ListAsync(Stop).SingleAsync(c => c.Key == $"{polled.SourceId}:{key}", Stop)).ExpiresAt;
    }
}
