using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /orgs/{org}/bypass-requests/secret-scanning</c> and <c>…/dismissal-requests/secret-scanning</c>: who asked to push a secret
/// past push protection, or to close an alert, and who let them. GitHub lists the last day unless asked for more, and the last
/// month at most. So each week is a scope of its own, which is read while the list holds the whole of it, and stays as it was
/// afterwards: to be older than a month is not to be gone.
/// </summary>
internal sealed class WeekOfRequests(bool isBypass, DateOnly monday) : OrganizationScope
{
    /// <summary>A month of GitHub's may be four weeks.</summary>
    private const int Days = 28;

    public override string Kind => isBypass ? "bypass-requests" : "dismissal-requests";

    public override string Title => isBypass ? "requests to bypass push protection" : "requests to close secret alerts";

    public override string Permission =>
        $"Organization {(isBypass ? "bypass" : "dismissal")} requests for secret scanning: read, of a reviewer; Secret scanning alerts: read";

    public override string? Toggle => GitHubDescriptor.SecretAlerts;

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override string PlaceOf(OwnerPlace owner) =>
        string.Create(CultureInfo.InvariantCulture, $"{owner.Login}/{ISOWeek.GetYear(monday.ToDateTime(default))}-W{ISOWeek.GetWeekOfYear(monday.ToDateTime(default)):00}");

    /// <summary>The weeks that lie in GitHub's month as a whole, this one included.</summary>
    public static IEnumerable<WeekOfRequests> Of(GitHubSession session)
    {
        var today = DateOnly.FromDateTime(session.Context.Clock.GetUtcNow().UtcDateTime);
        for (var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7)); monday >= today.AddDays(1 - Days); monday = monday.AddDays(-7))
        {
            yield return new(true, monday);
            yield return new(false, monday);
        }
    }

    /// <summary>Weeks that are over are not read again.</summary>
    public static void ForgetOthers(PlaceTags tags, IReadOnlyCollection<WeekOfRequests> weeks, OwnerPlace owner)
    {
        var now = weeks.Select(w => $"{w.Kind}/{w.PlaceOf(owner)}").ToHashSet(StringComparer.Ordinal);
        foreach (var old in tags.Scopes.Keys.Where(k => k.Contains('/', StringComparison.Ordinal) && !now.Contains(k)).ToList())
        {
            tags.Scopes.Remove(old);
        }
    }

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"orgs/{Uri.EscapeDataString(owner.Login)}/{Kind}/secret-scanning?time_period=month&request_status=all";
        var pages = reading.ListAsync(
            path, GitHubJson.Default.ExemptionRequestDocumentArray, static r => r.Id.ToString(CultureInfo.InvariantCulture), cancellationToken);
        await foreach (var page in pages)
        {
            var observations = new List<Observation>(page.Count);
            foreach (var request in page)
            {
                var created = Text.Instant(request.CreatedAt) ?? throw GitHubRefusal.Broken("A request does not say when it was made.");
                var day = DateOnly.FromDateTime(created.UtcDateTime);
                if (day >= monday && day < monday.AddDays(7))
                {
                    observations.Add(Map(request, owner, isBypass));
                }
            }

            yield return observations;
        }
    }

    internal static ResourceObservation Map(ExemptionRequestDocument request, OwnerPlace owner, bool isBypass)
    {
        var repository = Text.Clean(request.Repository?.FullName ?? (request.Repository?.Name is { } name ? $"{owner.Login}/{name}" : null), 200);
        var last = request.Responses?.LastOrDefault();
        return new(
            $"{(isBypass ? "bypass" : "dismissal")}-request:{request.Id}", isBypass ? ResourceKind.BypassRequest : ResourceKind.DismissalRequest,
            $"{(isBypass ? "bypass" : "dismissal")} request {request.Number ?? request.Id}{(repository.Length > 0 ? $" of {repository}" : string.Empty)}",
            repository.Contains('/', StringComparison.Ordinal) ? new("repository", repository) : owner.Reference)
        {
            Url = Text.Page(request.HtmlUrl),
            Facts = new Dictionary<string, KnownValue>
            {
                ["status"] = Text.Known(request.Status),
                ["requester"] = Text.Known(request.Requester?.ActorName),
                ["requestedAt"] = Text.KnownInstant(request.CreatedAt),
                ["expiresAt"] = Text.KnownInstant(request.ExpiresAt),
                ["secretTypes"] = Text.Set(request.Data?.Select(d => d.SecretType)),
                ["reasons"] = Text.Set(request.Data?.Select(d => d.BypassReason ?? d.Reason)),
                ["alert"] = isBypass ? KnownValue.NotExposed : Text.Known(request.ResourceIdentifier),
                ["reviewers"] = Text.Set(request.Responses?.Select(r => $"{r.Reviewer?.ActorName}:{r.Status}")),
                ["reviewedAt"] = last is null ? KnownValue.Never() : Text.KnownInstant(last.CreatedAt),
                ["comments"] = KnownValue.Redacted,
            },
        };
    }
}
