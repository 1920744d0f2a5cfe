using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /repos/{owner}/{repo}/actions/runners</c>.</summary>
internal sealed class RepositoryRunners : RepositoryScope
{
    public override string Kind => "runners";

    public override string Title => "runners";

    public override string Permission => "Administration: read";

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ephemeral = new EphemeralRunners(reading, $"repository:{repository.Id}");
        await foreach (var page in reading.ListAsync($"{repository.Path}/actions/runners", Runners.Shape, cancellationToken))
        {
            yield return [.. page.Where(r => !ephemeral.Take(r)).Select(r => Runners.Map(r, repository.Reference, repository.FullName))];
        }

        yield return ephemeral.End(repository.Reference, _ => repository.FullName);
    }
}
