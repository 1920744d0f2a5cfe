using System.Globalization;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>A known leak, without what leaked.</summary>
internal static class SecretAlert
{
    private const int MostNamed = 20;

    /// <param name="locations">The places of the secret, at most <see cref="AlertLocations.MostRead"/>; null when they were not asked for.</param>
    public static ResourceObservation Map(SecretAlertDocument alert, RepositoryPlace repository, IReadOnlyList<AlertLocationDocument>? locations)
    {
        var type = Text.Name(alert.SecretTypeDisplayName ?? alert.SecretType, "secret");
        var first = alert.FirstLocationDetected is { } detected ? Where(new(null, detected)) : locations is [var one, ..] ? Where(one) : null;
        var named = locations?.Take(MostNamed).Select(Where) ?? (first is null ? [] : [first]);
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
                ["locations"] = Text.Set(named),
                ["locationsRead"] = KnownValue.Of(HowMany(alert, locations, first)),
                ["secret"] = KnownValue.Redacted,
                ["comments"] = KnownValue.Redacted,
            },
        };
    }

    /// <summary>Which of the places are named: a list that was cut, or not asked for, does not look like a whole one.</summary>
    private static string HowMany(SecretAlertDocument alert, IReadOnlyList<AlertLocationDocument>? locations, string? first) => locations switch
    {
        { Count: <= MostNamed } => "all",
        { Count: >= AlertLocations.MostRead } => $"first {MostNamed} of {AlertLocations.MostRead} or more",
        not null => string.Create(CultureInfo.InvariantCulture, $"first {MostNamed} of {locations.Count}"),
        _ when first is not null && alert.HasMoreLocations == false => "all",
        _ => first is null ? "none" : "first only",
    };

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
    /// <summary>Of one alert.</summary>
    public const int MostRead = 500;

    private const int Budget = 200;

    private int _spent;
    private int _over;

    public async Task<IReadOnlyList<AlertLocationDocument>?> OfAsync(SecretAlertDocument alert, RepositoryPlace repository, CancellationToken cancellationToken)
    {
        if (alert.State != "open" || (alert.FirstLocationDetected is not null && alert.HasMoreLocations != true))
        {
            return null;
        }

        if (_spent++ >= Budget)
        {
            _over++;
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

            locations.AddRange(page.Take(MostRead - Math.Min(MostRead, locations.Count)));
        }

        return locations;
    }

    /// <summary>Says on the run what was not asked for.</summary>
    public void Close()
    {
        if (_over > 0)
        {
            reading.Notes.Add(string.Create(
                CultureInfo.InvariantCulture, $"The places of {Budget} open secret alerts with several were read, oldest alerts first; of {_over:N0} more only what their list says."));
        }
    }
}
