using System.Globalization;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>A known leak, without what leaked.</summary>
internal static class SecretAlert
{
    private const int MostNamed = 20;

    /// <param name="locations">All places of the secret; null when they were not asked for.</param>
    public static ResourceObservation Map(SecretAlertDocument alert, RepositoryPlace repository, IReadOnlyList<AlertLocationDocument>? locations)
    {
        var type = Text.Name(alert.SecretTypeDisplayName ?? alert.SecretType, "secret");
        var first = alert.FirstLocationDetected is { } detected ? Where(new(null, detected)) : locations is [var one, ..] ? Where(one) : null;
        return new($"secret-alert:{repository.Id}:{alert.Number}", ResourceKind.SecretAlert, $"{type} in {repository.FullName}", repository.Reference)
        {
            Url = Text.Page(alert.HtmlUrl),
            Facts = new Dictionary<string, KnownValue>
            {
                ["number"] = KnownValue.Of(alert.Number),
                ["state"] = Text.Known(alert.State),
                ["resolution"] = alert.State == "open" ? KnownValue.Never() : Text.Known(alert.Resolution),
                ["resolvedAt"] = Text.KnownInstant(alert.ResolvedAt, alert.State == "open" ? KnownValue.Never() : KnownValue.NotExposed),
                ["resolvedBy"] = Text.Known(alert.ResolvedBy?.Login),
                ["secretType"] = Text.Known(alert.SecretType),
                ["validity"] = Text.Known(alert.Validity),
                ["publiclyLeaked"] = Text.Known(alert.PubliclyLeaked),
                ["inSeveralRepositories"] = Text.Known(alert.MultiRepo),
                ["pushProtectionBypassed"] = Text.Known(alert.PushProtectionBypassed),
                ["bypassedBy"] = Text.Known(alert.PushProtectionBypassedBy?.Login),
                ["bypassedAt"] = Text.KnownInstant(alert.PushProtectionBypassedAt, alert.PushProtectionBypassed == false ? KnownValue.Never() : null),
                ["bypassReviewedBy"] = Text.Known(alert.PushProtectionBypassRequestReviewer?.Login),
                ["bypassRequest"] = Text.Known(Text.Page(alert.PushProtectionBypassRequestHtmlUrl)),
                ["closureReviewedBy"] = Text.Known(alert.ClosureRequestReviewer?.Login),
                ["assignedTo"] = Text.Known(alert.AssignedTo?.Login),
                ["provider"] = Text.Known(alert.Provider),
                ["inBase64"] = Text.Known(alert.IsBase64Encoded),
                ["createdAt"] = Text.KnownInstant(alert.CreatedAt),
                ["firstLocation"] = Text.Known(first),
                ["hasMoreLocations"] = Text.Known(alert.HasMoreLocations, locations is null ? null : KnownValue.Of(locations.Count > 1)),
                ["locations"] = locations is null ? KnownValue.NotExposed : Text.Set(locations.Take(MostNamed).Select(Where)),
                ["secret"] = KnownValue.Redacted,
                ["comments"] = KnownValue.Redacted,
            },
        };
    }

    /// <summary>"path:line at commit", or the kind of text that holds it.</summary>
    internal static string? Where(AlertLocationDocument location)
    {
        if (location.Details is not { } at)
        {
            return null;
        }

        if (!string.IsNullOrEmpty(at.Path))
        {
            var line = at.StartLine is { } number ? string.Create(CultureInfo.InvariantCulture, $":{number:0}") : string.Empty;
            var commit = at.CommitSha is { Length: >= 12 } sha ? $" at {sha[..12]}" : string.Empty;
            return Text.Clean($"{at.Path}{line}{commit}", 500);
        }

        var page = at.IssueTitleUrl ?? at.IssueBodyUrl ?? at.IssueCommentUrl ?? at.DiscussionTitleUrl ?? at.DiscussionBodyUrl ?? at.DiscussionCommentUrl
            ?? at.PullRequestTitleUrl ?? at.PullRequestBodyUrl ?? at.PullRequestCommentUrl ?? at.PullRequestReviewUrl ?? at.PullRequestReviewCommentUrl ?? at.PageUrl;
        return Text.Page(page) is { } url ? $"{Text.Clean(location.Type, 40)} {new Uri(url).AbsolutePath}".Trim() : null;
    }
}

/// <summary>
/// <c>GET …/alerts/{number}/locations</c>, for open alerts that have more than one place or do not name the first. Bounded: the
/// oldest alerts first, always the same ones, so that a fact does not come and go.
/// </summary>
internal sealed class AlertLocations(ScopeReading reading)
{
    private const int Budget = 200;

    private int _spent;

    public async Task<IReadOnlyList<AlertLocationDocument>?> OfAsync(SecretAlertDocument alert, RepositoryPlace repository, CancellationToken cancellationToken)
    {
        if (alert.State != "open" || (alert.FirstLocationDetected is not null && alert.HasMoreLocations != true) || _spent++ >= Budget)
        {
            return null;
        }

        var locations = new List<AlertLocationDocument>();
        var path = $"{repository.Path}/secret-scanning/alerts/{alert.Number}/locations";
        var pages = reading.ListAsync(
            path, GitHubJson.Default.AlertLocationDocumentArray, static l => $"{SecretAlert.Where(l)}|{l.Type}|{l.Details?.StartColumn}|{l.Details?.BlobSha}|{l.Details?.CommitSha}", cancellationToken);
        await foreach (var page in Part.OfListAsync(pages, "secret-scanning alerts", cancellationToken))
        {
            if (page.Any(l => l.Type is null))
            {
                throw Http.GitHubRefusal.NotAsDescribed();
            }

            locations.AddRange(page.Take(500 - Math.Min(500, locations.Count)));
        }

        return locations;
    }
}
