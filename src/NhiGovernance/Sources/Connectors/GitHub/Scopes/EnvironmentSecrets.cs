using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /repos/{owner}/{repo}/environments/{environment}/secrets</c> of all environments of a repository: one scope, complete
/// only when the environments and each one's secrets were read to their end.
/// </summary>
internal sealed class EnvironmentSecrets : RepositoryScope
{
    public override string Kind => "environment-secrets";

    public override string Title => "environments' secrets";

    public override string Permission => "Environments: read";

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (id, name) in await Environments.NamesAsync(reading, repository, cancellationToken))
        {
            var path = $"{repository.Path}/environments/{Uri.EscapeDataString(name)}/secrets";
            await foreach (var page in Part.OfListAsync(reading.ListAsync(path, CiSecrets.Shape, cancellationToken), Title, cancellationToken))
            {
                yield return [.. page.Select(s => CiSecrets.Map(s, "actions", $"environment:{id}", Pipelines.KeyOf(repository), name))];
            }
        }
    }
}
