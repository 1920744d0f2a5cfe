using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /orgs/{org}/audit-log</c> (enterprise plans), off unless switched on. One scope for each day, because a day's list
/// only grows: an older day is simply not read again, and nothing is concluded from that.
/// </summary>
internal sealed class AuditLog(DateOnly day) : OrganizationScope
{
    private const int MostPages = 20;

    /// <summary>What concerns identities and credentials; the log holds far more.</summary>
    private static readonly string[] Concerning =
    [
        "personal_access_token.", "org_credential_authorization.", "integration", "public_key.", "hook.", "environment.", "protected_branch.",
        "repository_ruleset.", "org.add_member", "org.remove_member", "org.update_member", "org.self_hosted_runner", "repo.self_hosted_runner",
        "enterprise.self_hosted_runner", "secret_scanning", "repository_secret_scanning", "repo.actions_secret", "org.actions_secret", "oauth_",
        "repo.create_actions_secret", "repo.update_actions_secret", "repo.remove_actions_secret", "org.create_actions_secret",
        "org.update_actions_secret", "org.remove_actions_secret", "repo.access", "repo.transfer", "repo.destroy", "workflows.",
    ];

    public DateOnly Day { get; } = day;

    public override string Kind => "audit-log";

    public override string Title => "audit log";

    public override string Permission => "Administration (organization): read (enterprise plan)";

    public override string? Toggle => GitHubDescriptor.AuditLog;

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    /// <summary>Yesterday and today, by the run's clock in UTC.</summary>
    public static IEnumerable<AuditLog> Days(GitHubSession session)
    {
        var today = DateOnly.FromDateTime(session.Context.Clock.GetUtcNow().UtcDateTime);
        return session.Settings.IsOn(GitHubDescriptor.AuditLog) ? [new(today.AddDays(-1)), new(today)] : [];
    }

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var date = Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var pages = 0;
        var path = $"orgs/{Uri.EscapeDataString(owner.Login)}/audit-log?include=web&order=asc&phrase={Uri.EscapeDataString($"created:{date}")}";
        var list = reading.ListAsync(
            path, GitHubJson.Default.AuditEventDocumentArray, static e => e.DocumentId ?? $"{e.Timestamp}:{e.Action}", cancellationToken);
        await foreach (var page in list)
        {
            yield return [.. page.Where(Concerns).Select(e => Map(e, owner))];
            if (++pages >= MostPages)
            {
                throw GitHubRefusal.Broken($"The audit log of {date} is longer than this source reads in one run ({MostPages} pages).");
            }
        }
    }

    internal static bool Concerns(AuditEventDocument entry) =>
        entry is { DocumentId: not null, Action: { } action } && Concerning.Any(c => action.StartsWith(c, StringComparison.Ordinal));

    internal static ResourceObservation Map(AuditEventDocument entry, OwnerPlace owner)
    {
        var repository = Text.Clean(entry.Repo, 200);
        return new($"audit-event:{Text.Clean(entry.DocumentId, 200)}", ResourceKind.AuditEvent, Text.Name(entry.Action, "event"),
            repository.Contains('/', StringComparison.Ordinal) ? new("repository", repository) : owner.Reference)
        {
            Facts = new Dictionary<string, KnownValue>
            {
                ["action"] = Text.Known(entry.Action),
                ["actor"] = Text.Known(entry.Actor),
                ["at"] = entry.Timestamp is { } at and > 0 and < 253402300799999
                    ? KnownValue.Of(DateTimeOffset.FromUnixTimeMilliseconds(at)) : KnownValue.NotExposed,
                ["accessType"] = Text.Known(entry.ProgrammaticAccessType),
                ["tokenId"] = Text.Known(entry.TokenId),
                ["tokenScopes"] = Text.Known(entry.TokenScopes),
                ["operation"] = Text.Known(entry.OperationType),
            },
        };
    }
}
