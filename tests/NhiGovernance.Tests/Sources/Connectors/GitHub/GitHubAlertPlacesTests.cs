using System.Text.Json.Nodes;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Sources.Connectors.GitHub;

/// <summary>The places of alerts are asked for within a budget, and what is left is said.</summary>
public sealed class GitHubAlertPlacesTests : IAsyncLifetime
{
    private const string Alerts = "orgs/acme/secret-scanning/alerts";
    private readonly ImpatientClock _clock = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private ScriptedGitHub _github = null!;

    public async ValueTask InitializeAsync() => _github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(1, 203), _clock);

    public async ValueTask DisposeAsync() => await _github.DisposeAsync();

    [Fact]
    public async Task ReadAsync_MoreAlertsWithSeveralPlacesThanTheBudget_SaysOnTheRunHowManyWereLeft()
    {
        foreach (var alert in _github.Organization.Lists[Alerts].Items)
        {
            alert["has_more_locations"] = true;
            var path = $"repos/acme/repo-0/secret-scanning/alerts/{alert["number"]}/locations";
            _github.Organization.List(path, null, new("organization-secret-alerts", "acme"), i => "");
            _github.Organization.Lists[path].Items.AddRange(Enumerable.Range(1, 2).Select(n => JsonNode.Parse(
                $$$"""{"type":"commit","details":{"path":"/{{{n}}}.txt","start_line":{{{n}}},"commit_sha":"f14d7debf9775f957cf4f1e8176da0786431f72b","blob_sha":"{{{n}}}"} }""")!.AsObject()));
        }

        var polls = new GitHubPolls(_github.Address, _clock);
        var read = (await polls.PollAsync(TestContext.Current.CancellationToken)).OfType<ScopePage>().SelectMany(p => p.Observations).OfType<ResourceObservation>()
            .Where(r => r.Kind == ResourceKind.SecretAlert).Select(r => r.Facts["locationsRead"].Text).CountBy(t => t!).ToDictionary();

        read.ShouldBe(new Dictionary<string, int> { ["all"] = 200, ["first only"] = 3 }, ignoreOrder: true);
        polls.Notes.ShouldContain("The places of 200 open secret alerts with several were read, oldest alerts first; of 3 more only what their list says.");
    }
}
