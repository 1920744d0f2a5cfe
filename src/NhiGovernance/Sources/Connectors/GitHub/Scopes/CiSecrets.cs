using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// What all secret stores of GitHub tell: a name, when it was made, and when it was last written, which is no proof that the
/// value changed. Never the value, never when it was read, never who wrote it.
/// </summary>
internal static class CiSecrets
{
    public static readonly PageShape<SecretsDocument, SecretDocument> Shape = new(
        GitHubJson.Default.SecretsDocument, static p => p.Secrets, static p => p.TotalCount, static s => s.Name ?? throw Http.GitHubRefusal.NotAsDescribed());

    /// <param name="store">actions, dependabot or codespaces.</param>
    /// <param name="level">"organization:42", "repository:7" or "environment:9".</param>
    public static CredentialObservation Map(SecretDocument secret, string store, string level, string pipeline, string? environment = null, IReadOnlyCollection<string>? chosen = null)
    {
        var name = Text.Name(secret.Name, "(unnamed)");
        return new($"secret:{store}:{level}:{name.ToUpperInvariant()}", pipeline, CredentialKind.CiSecret, name)
        {
            CreatedAt = Text.KnownInstant(secret.CreatedAt),
            LastUsedAt = KnownValue.NotExposed,
            ExpiresAt = KnownValue.NotExposed,
            Facts = new Dictionary<string, KnownValue>
            {
                ["store"] = KnownValue.Of(store),
                ["level"] = KnownValue.Of(level.Split(':')[0]),
                ["visibility"] = level.StartsWith("organization", StringComparison.Ordinal) ? Text.Known(secret.Visibility) : KnownValue.Of("own"),
                ["repositories"] = ChosenRepositories.Known(chosen, secret.Visibility ?? "own"),
                ["environment"] = environment is null ? KnownValue.Of("any") : KnownValue.Of(Text.Clean(environment, 200)),
                ["writtenAt"] = Text.KnownInstant(secret.UpdatedAt),
                ["writtenBy"] = KnownValue.NotExposed,
            },
        };
    }
}
