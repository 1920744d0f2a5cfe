using System.Globalization;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>The events of the audit log that concern identities and credentials; the log holds far more.</summary>
internal static class AuditEvents
{
    private static readonly string[] Concerning =
    [
        "personal_access_token.", "org_credential_authorization.", "integration", "public_key.", "hook.", "environment.", "protected_branch.",
        "repository_ruleset.", "org.add_member", "org.remove_member", "org.update_member", "org.self_hosted_runner", "repo.self_hosted_runner",
        "enterprise.self_hosted_runner", "secret_scanning", "repository_secret_scanning", "repo.actions_secret", "org.actions_secret", "oauth_",
        "repo.create_actions_secret", "repo.update_actions_secret", "repo.remove_actions_secret", "org.create_actions_secret",
        "org.update_actions_secret", "org.remove_actions_secret", "repo.access", "repo.transfer", "repo.destroy", "workflows.",
    ];

    public static bool Concerns(AuditEventDocument entry) =>
        entry is { DocumentId: not null, Action: { } action } && Concerning.Any(c => action.StartsWith(c, StringComparison.Ordinal));

    public static DateTimeOffset? At(AuditEventDocument entry) =>
        entry.Timestamp is { } at and > 0 and < 253402300799999 ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    /// <summary>Names the stretch of the log that begins with it.</summary>
    public static string NameOf(AuditEventDocument first) =>
        $"{(At(first) ?? default).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)} {Text.Clean(first.DocumentId, 60)}";

    public static ResourceObservation Map(AuditEventDocument entry, OwnerPlace owner)
    {
        var repository = Text.Clean(entry.Repo, 200);
        return new($"audit-event:{Text.Clean(entry.DocumentId, 200)}", ResourceKind.AuditEvent, Text.Name(entry.Action, "event"),
            repository.Contains('/', StringComparison.Ordinal) ? new("repository", repository) : owner.Reference)
        {
            Facts = new Dictionary<string, KnownValue>
            {
                ["action"] = Text.Known(entry.Action),
                ["actor"] = Text.Known(entry.Actor),
                ["actorIsBot"] = Text.Known(entry.ActorIsBot),
                ["at"] = KnownValue.Or(At(entry), KnownValue.NotExposed),
                ["accessType"] = Text.Known(entry.ProgrammaticAccessType),
                ["tokenId"] = Text.Known(entry.TokenId),
                ["tokenScopes"] = Text.Known(entry.TokenScopes),

                // GitHub's SHA-256 of the token: finds a token that somebody holds, and gives none away.
                ["tokenHash"] = Text.Known(entry.HashedToken),
                ["operation"] = Text.Known(entry.OperationType),
            },
        };
    }
}
