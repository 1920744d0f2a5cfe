using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /repos/{owner}/{repo}/hooks</c>.</summary>
internal sealed class RepositoryWebhooks : RepositoryScope
{
    public override string Kind => "webhooks";

    public override string Title => "webhooks";

    public override string Permission => "Webhooks: read";

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = reading.ListAsync($"{repository.Path}/hooks", GitHubJson.Default.HookDocumentArray, Webhooks.Key, cancellationToken);
        await foreach (var page in pages)
        {
            yield return [.. page.SelectMany(h => Webhooks.Map(h, repository.Reference))];
        }
    }
}
