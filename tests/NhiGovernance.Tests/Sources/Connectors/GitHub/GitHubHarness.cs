using NhiGovernance.Sources.Connectors.GitHub;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>An organization of three repositories behind a real socket.</summary>
public sealed class GitHubHarness : IConnectorHarness
{
    public string Key => "github";

    public async Task<ConnectorCase> StartAsync(IServiceProvider services, Func<string, string> secret, CancellationToken cancellationToken)
    {
        var clock = new ImpatientClock(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        var token = secret("token");
        var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(3, 4), clock);
        github.Accepts = seen => seen == token;
        var polls = new GitHubPolls(github.Address, clock);
        return new ConnectorCase(new GitHubConnector(GitHubPolls.Quick), polls.Context().Settings, ["token"], polls.Http) { Clock = clock, End = github.DisposeAsync };
    }
}
