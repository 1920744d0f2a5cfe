using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /orgs/{org}/audit-log</c> (enterprise plans), off unless switched on; oldest first, from where the last run stopped. Tells
/// who used which app or token when, and keeps the events about identities and credentials.
/// </summary>
/// <remarks>
/// An event proves a use; no event proves nothing, because reads are not in the log unless the enterprise records API requests,
/// and Git's only for seven days: https://docs.github.com/organizations/keeping-your-organization-secure/managing-security-settings-for-your-organization/reviewing-the-audit-log-for-your-organization.
/// </remarks>
/// <param name="emit">Takes the events of a page, with what names the stretch of the log that they begin.</param>
internal sealed class AuditLog(Func<string, IReadOnlyList<Observation>, Task> emit) : OrganizationScope
{
    public const string Events = "audit-events";

    /// <summary>GitHub allows 1,750 requests an hour; a run that is behind goes on at the next.</summary>
    private const int MostPages = 50;

    public override string Kind => "audit-log";

    public override string Title => "audit log";

    public override string Permission => "Administration (organization): read (enterprise plan)";

    public override string? Toggle => GitHubDescriptor.AuditLog;

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override bool MayBeUnchanged => false;

    /// <summary>All that was read is good; there is more.</summary>
    public bool StoppedByBudget { get; private set; }

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = reading.Place;
        var path = place.AuditCursor ?? First(reading, owner);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        string? stretch = null;
        string? begin = null;
        for (var pages = 1; ; pages++)
        {
            asked.Add(path);
            IReadOnlyList<AuditEventDocument> events;
            Uri? next;
            try
            {
                (events, next) = await reading.PageAsync(path, GitHubJson.Default.AuditEventDocumentArray, cancellationToken);
            }
            catch (GitHubRefusal refusal) when (pages == 1 && path == place.AuditCursor
                && refusal.Status is HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest or HttpStatusCode.NotFound)
            {
                // A cursor that GitHub no longer takes: from the day of the newest event on.
                place.AuditCursor = null;
                path = First(reading, owner);
                pages = 0;
                continue;
            }

            if (events.Any(e => e.Action is null))
            {
                throw GitHubRefusal.NotAsDescribed();
            }

            if (events.Count > 0 && events[0].DocumentId is { } first && first == begin)
            {
                throw GitHubRefusal.Broken($"GitHub's audit log goes round in a circle at page {pages}.");
            }

            begin = events.Count > 0 ? events[0].DocumentId : begin;
            foreach (var entry in events)
            {
                AuditUses.Take(place, entry);
            }

            var concerning = events.Where(AuditEvents.Concerns).ToList();
            if (concerning.Count > 0)
            {
                stretch ??= AuditEvents.NameOf(concerning[0]);
                await emit(stretch, [.. concerning.Select(e => AuditEvents.Map(e, owner))]);
            }

            // The last page may grow, so that the next run asks for it again.
            place.AuditCursor = path;
            if (next is null)
            {
                yield break;
            }

            path = reading.PathOf(next);
            if (asked.Contains(path))
            {
                throw GitHubRefusal.Broken($"GitHub's audit log goes round in a circle at page {pages}.");
            }

            if (pages >= MostPages)
            {
                place.AuditCursor = path;
                StoppedByBudget = true;
                throw GitHubRefusal.Broken($"The audit log is longer than this source reads in one run ({MostPages} pages); the next run goes on where this one stopped.");
            }
        }
    }

    /// <summary>
    /// From the day of the newest event that was read, or from yesterday: the log of a busy organization may have more pages in a day than
    /// a run reads, and until the runs have caught up it tells nothing of now.
    /// </summary>
    private static string First(ScopeReading reading, OwnerPlace owner)
    {
        var from = reading.Place.AuditReadTo ?? reading.Now.AddDays(-1);
        var phrase = Uri.EscapeDataString($"created:>={from.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}");
        return $"orgs/{Uri.EscapeDataString(owner.Login)}/audit-log?include=all&order=asc&phrase={phrase}&per_page={reading.PageSize}";
    }
}

/// <summary>The newest page of the log, for the connection test: may this sign-in read it?</summary>
internal sealed class AuditLogSample : OrganizationScope
{
    public override string Kind => "audit-log";

    public override string Title => "audit log";

    public override string Permission => "Administration (organization): read (enterprise plan)";

    public override string? Toggle => GitHubDescriptor.AuditLog;

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (events, _) = await reading.PageAsync(
            $"orgs/{Uri.EscapeDataString(owner.Login)}/audit-log?per_page=1", GitHubJson.Default.AuditEventDocumentArray, cancellationToken);
        yield return [.. events.Select(e => AuditEvents.Map(e, owner))];
    }
}

/// <summary>What an event says of the last use of an app, a token or a person.</summary>
internal static class AuditUses
{
    public static string OfActor(string login) =>
        login.EndsWith("[bot]", StringComparison.OrdinalIgnoreCase) ? $"github:bot:{login}" : $"github:user:{login}";

    public static string OfToken(long id) => string.Create(CultureInfo.InvariantCulture, $"github:token:{id}");

    public static void Take(PlaceTags place, AuditEventDocument entry)
    {
        if (AuditEvents.At(entry) is not { } at)
        {
            return;
        }

        place.AuditReadTo = place.AuditReadTo is { } newest && newest > at ? newest : at;
        if (Text.Clean(entry.Actor, 100) is { Length: > 0 } actor)
        {
            place.LastUse(OfActor(actor), at);
        }

        if (entry.TokenId is { } token and > 0)
        {
            place.LastUse(OfToken(token), at);
        }
    }
}
