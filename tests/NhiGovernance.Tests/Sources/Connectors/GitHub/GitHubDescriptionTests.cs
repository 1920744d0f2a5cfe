using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;
using Shared = NhiGovernance.Tests.Fixtures.Repository;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>GitHub's own API description, served by Prism: the shapes, parameters and paths are GitHub's, not ours.</summary>
public sealed class GitHubDescriptionTests
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
        var description = Shared.Document("github/api.github.com.openapi.min.json");
        var program = Path.Combine(Shared.Root, "tests", "peers", "prism", "node_modules", "@stoplight", "prism-cli", "dist", "index.js");
        Assert.SkipUnless(File.Exists(program), "Prism is not installed: npm ci --prefix tests/peers/prism");
        Assert.SkipUnless(HasNode(), "Node is not installed.");
        var port = FreePort();
        using var prism = Process.Start(new ProcessStartInfo("node", [program, "mock", "--host", "127.0.0.1", "--port", $"{port}", "--errors", "false", description])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        try
        {
            await ListeningAsync(prism);

            // Prism serves at the root what an Enterprise Server has below /api/v3.
            await using var front = await PrismFront.StartAsync(port, links);
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
        finally
        {
            prism.Kill(entireProcessTree: true);
        }
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

    private static async Task ListeningAsync(Process prism)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(90));
        while (await prism.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Contains("Prism is listening", StringComparison.Ordinal))
            {
                // Its log must not fill the pipe.
                _ = prism.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                _ = prism.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return;
            }
        }

        Assert.Fail("Prism ended before it listened.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool HasNode()
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", ["--version"]) { RedirectStandardOutput = true });
            return node is not null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
