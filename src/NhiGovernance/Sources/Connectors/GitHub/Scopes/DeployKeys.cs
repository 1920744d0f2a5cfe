using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /repos/{owner}/{repo}/keys</c>. GitHub keeps track of a key's last use from its creation on.</summary>
internal sealed class DeployKeys : RepositoryScope
{
    public override string Kind => "deploy-keys";

    public override string Title => "deploy keys";

    public override string Permission => "Administration: read";

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = reading.ListAsync(
            $"{repository.Path}/keys", GitHubJson.Default.DeployKeyDocumentArray, static k => k.Id.ToString(CultureInfo.InvariantCulture), cancellationToken);
        await foreach (var page in pages)
        {
            yield return [.. page.SelectMany(k => Map(k, repository))];
        }
    }

    internal static IEnumerable<Observation> Map(DeployKeyDocument key, RepositoryPlace repository)
    {
        var id = $"deploy-key:{key.Id}";
        var name = Text.Name(key.Title, $"deploy key {key.Id}");
        var created = Text.Instant(key.CreatedAt);
        var lastUsed = Text.KnownInstant(key.LastUsed, KnownValue.Never(created));
        var print = SshFingerprint.Of(key.Key);
        var disabled = key.Enabled == false;
        yield return new IdentityObservation(id, IdentityKind.DeployKey, name, repository.Reference)
        {
            Url = null,
            Disabled = disabled,
            CreatedAt = KnownValue.Or(created, KnownValue.NotExposed),
            LastUsedAt = lastUsed,
            ExpiresAt = KnownValue.Never(),
            JoinKeys = print is null ? [] : [$"ssh:{print}"],
            Grants = key.ReadOnly == false
                ? [new("contents:write", repository.FullName, AltersRelease: true)]
                : [new("contents:read", repository.FullName, AltersRelease: false)],
            Facts = new Dictionary<string, KnownValue>
            {
                ["readOnly"] = Text.Known(key.ReadOnly),
                ["verified"] = Text.Known(key.Verified),

                // Removing this person, or the token they made it with, removes the key too.
                ["addedBy"] = Text.Known(key.AddedBy),
            },
        };
        yield return new CredentialObservation(id, id, CredentialKind.DeployKey, name)
        {
            KeyIds = print is null ? [] : [print],
            Disabled = disabled,
            CreatedAt = KnownValue.Or(created, KnownValue.NotExposed),
            LastUsedAt = lastUsed,
            ExpiresAt = KnownValue.Never(),
            Facts = new Dictionary<string, KnownValue> { ["algorithm"] = Text.Known(SshFingerprint.Algorithm(key.Key)) },
        };
    }
}
