using NhiGovernance.Sources.Connectors.Git;
using NhiGovernance.Sources.Outbound;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

/// <summary>A real local repository with a signed commit where the machine can sign, a workflow and owners.</summary>
public sealed class GitHarness : IConnectorHarness
{
    public string Key => "git";

    public Task<ConnectorCase> StartAsync(IServiceProvider services, Func<string, string> secret, CancellationToken cancellationToken)
    {
        var sandbox = new GitSandbox();
        sandbox.Write(".github/workflows/release.yml", $"on: push\nenv:\n  TOKEN: {secret("planted")}\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm publish --token={secret("script")}\n");
        sandbox.Write("CODEOWNERS", "* @acme/all\n*.js @acme/web\n");
        sandbox.Author = "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>";
        sandbox.Commit($"bump {secret("message")}");
        sandbox.Publish();
        return Task.FromResult(new ConnectorCase(
            new GitConnector(sandbox.Options, new OutboundGuard(new OutboundOptions(), new SystemResolver())), GitSandbox.Settings(sandbox.Repository), [], null)
        {
            Folder = Path.Combine(sandbox.Root, "folder"),
            End = () =>
            {
                sandbox.Dispose();
                return ValueTask.CompletedTask;
            },
        });
    }
}
