using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>GitHub's own API description, served by Prism: the shapes, parameters and paths are GitHub's, not ours.</summary>
public sealed class GitHubDescriptionTests(PrismServer prism) : IClassFixture<PrismServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Lists that the description of github.com does not have: enterprise plans only.</summary>
    private static readonly string[] Undescribed = ["sso-credentials", "audit-log", "bypass-requests", "dismissal-requests"];

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task ReadAsync_GitHubsDescriptionServedByPrism_EveryListIsCompleteOrSaysWhy(bool asApp, bool links)
    {
        // Prism serves at the root what an Enterprise Server has below /api/v3.
        await using var front = await PrismFront.StartAsync(await prism.PortAsync(Stop), links);
        var polls = new GitHubPolls(front.Address, TimeProvider.System, ("organization", "octo-org"), ("codespacesSecrets", "true"), ("auditLog", "true"))
        {
            Limits = new GitHubLimits { Attempts = 1, RequestTime = TimeSpan.FromSeconds(20) },
        };
        if (asApp)
        {
            using var key = System.Security.Cryptography.RSA.Create(2048);
            polls.Secrets["privateKey"] = key.ExportRSAPrivateKeyPem();
            polls.Set(("auth", "app"), ("appId", "7"), ("installationId", "99"));
        }

        var events = await polls.PollAsync(Stop);
        Check(events, links, asApp);
    }

    private static void Check(List<ReadEvent> events, bool links, bool asApp)
    {
        var ends = events.OfType<ScopeEnded>().ToDictionary(e => e.Scope);
        events.OfType<ScopeStarted>().ShouldAllBe(s => ends.ContainsKey(s.Scope));
        var said = string.Join('\n', ends.Values.Select(e => $"{e.Scope.Kind}: {e.Outcome} {e.Error}"));

        // The example of Prism's Link header points at api.github.com: such a list must not be called complete.
        ends.Values.Where(e => e.Outcome == ScopeOutcome.Failed).ShouldAllBe(
            e => (links && e.Error!.Contains("another host (api.github.com)", StringComparison.Ordinal)) || e.Error!.Contains("fewer", StringComparison.Ordinal)
                || e.Error.Contains("which repository", StringComparison.Ordinal), said);
        ends.Values.Where(e => e.Outcome is ScopeOutcome.NotAvailable or ScopeOutcome.LeftOut or ScopeOutcome.Denied).Select(e => e.Scope.Kind)
            .ShouldBeSubsetOf([.. Undescribed, .. (string[])(asApp ? [] : ["fine-grained-tokens", "fine-grained-token-requests"]), "secret-alerts"], said);
        ends.Values.Count(e => e.Outcome == ScopeOutcome.Complete).ShouldBeGreaterThan(links ? 3 : 20, said);
        if (!links)
        {
            // Every list of the description, at the organization and at a repository.
            var read = ends.Values.Where(e => e.Outcome == ScopeOutcome.Complete).Select(e => e.Scope.Kind).ToHashSet(StringComparer.Ordinal);
            string[] described =
            [
                "deploy-keys", "organization-actions-variables", "actions-variables", "environment-variables", "environments", "webhooks", "organization-webhooks",
                "branch-rules", "branch-protection", "secret-scan-history", "runners", "members", "outside-collaborators", "pipeline", "oidc-subject",
            ];
            described.ShouldBeSubsetOf(read, said);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(said);
        foreach (var observation in events.OfType<ScopePage>().SelectMany(p => p.Observations))
        {
            observation.NaturalKey.Length.ShouldBeInRange(3, 400);
            if (observation is IdentityObservation identity)
            {
                identity.Name.ShouldNotBeNullOrWhiteSpace();
                identity.Url?.ShouldStartWith("https://");
            }
        }
    }
}
