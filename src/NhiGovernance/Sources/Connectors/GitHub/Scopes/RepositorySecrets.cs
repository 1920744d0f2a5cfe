using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /repos/{owner}/{repo}/{store}/secrets</c>.</summary>
internal sealed class RepositorySecrets(string store) : RepositoryScope
{
    public override string Kind => $"{store}-secrets";

    public override string Title => $"{store} secrets";

    public override string Permission => store switch
    {
        "dependabot" => "Dependabot secrets: read",
        "codespaces" => "Codespaces secrets: read",
        _ => "Secrets: read",
    };

    public override string? Toggle => store == "codespaces" ? GitHubDescriptor.Codespaces : null;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in reading.ListAsync($"{repository.Path}/{store}/secrets", CiSecrets.Shape, cancellationToken))
        {
            yield return [.. page.Select(s => CiSecrets.Map(s, store, $"repository:{repository.Id}", Pipelines.KeyOf(repository)))];
        }
    }
}
