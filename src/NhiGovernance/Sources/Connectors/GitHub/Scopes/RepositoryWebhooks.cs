using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /repos/{owner}/{repo}/hooks</c>, and of each the newest of <c>…/{hook}/deliveries</c>.</summary>
internal sealed class RepositoryWebhooks : RepositoryScope
{
    public override string Kind => "webhooks";

    public override string Title => "webhooks";

    public override string Permission => "Webhooks: read";

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"{repository.Path}/hooks";
        await foreach (var page in reading.ListAsync(path, GitHubJson.Default.HookDocumentArray, Webhooks.Key, cancellationToken))
        {
            yield return await Webhooks.WithDeliveriesAsync(reading, path, page, repository.Reference, Permission, cancellationToken);
        }
    }
}
