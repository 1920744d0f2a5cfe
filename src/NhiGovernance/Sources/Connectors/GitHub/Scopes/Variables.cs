using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// Variables of Actions: everybody with read access sees their values at GitHub, so a secret does not belong there. The value is
/// judged while it is parsed, and dropped.
/// </summary>
internal static class CiVariables
{
    public static readonly PageShape<VariablesDocument, VariableDocument> Shape = new(
        GitHubJson.Default.VariablesDocument, static p => p.Variables, static p => p.TotalCount, static v => v.Name ?? throw Http.GitHubRefusal.NotAsDescribed())
    {
        MostPerPage = 30,
    };

    /// <param name="level">"organization:42", "repository:7" or "environment:9".</param>
    /// <param name="chosen">The repositories that see it, where they were chosen one by one.</param>
    public static ResourceObservation Map(VariableDocument variable, string level, PlaceReference place, IReadOnlyCollection<string>? chosen = null)
    {
        var name = Text.Name(variable.Name, "(unnamed)");
        return new($"variable:{level}:{name.ToUpperInvariant()}", ResourceKind.CiVariable, name, place)
        {
            Facts = new Dictionary<string, KnownValue>
            {
                ["level"] = KnownValue.Of(level.Split(':')[0]),
                ["visibility"] = level.StartsWith("organization", StringComparison.Ordinal) ? Text.Known(variable.Visibility) : KnownValue.Of("own"),
                ["repositories"] = ChosenRepositories.Known(chosen, variable.Visibility),
                ["createdAt"] = Text.KnownInstant(variable.CreatedAt),
                ["writtenAt"] = Text.KnownInstant(variable.UpdatedAt),
                ["writtenBy"] = KnownValue.NotExposed,
                ["looksLikeSecret"] = KnownValue.Of(variable.Value),
                ["value"] = KnownValue.Redacted,
            },
        };
    }
}

/// <summary><c>GET /orgs/{org}/actions/variables</c>, and of those for chosen repositories which those are.</summary>
internal sealed class OrganizationVariables : OrganizationScope
{
    public override string Kind => "organization-actions-variables";

    public override string Title => "actions variables";

    public override string Permission => "Variables (organization): read";

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"orgs/{Uri.EscapeDataString(owner.Login)}/actions/variables";
        await foreach (var page in reading.ListAsync(path, CiVariables.Shape, cancellationToken))
        {
            var observations = new List<Observation>(page.Count);
            foreach (var variable in page)
            {
                var chosen = await ChosenRepositories.OfAsync(reading, $"{path}/{{0}}/repositories", variable.Name, variable.Visibility, owner, Title, cancellationToken);
                observations.Add(CiVariables.Map(variable, $"organization:{owner.Id}", owner.Reference, chosen));
            }

            yield return observations;
        }
    }
}

/// <summary><c>GET /repos/{owner}/{repo}/actions/variables</c>.</summary>
internal sealed class RepositoryVariables : RepositoryScope
{
    public override string Kind => "actions-variables";

    public override string Title => "actions variables";

    public override string Permission => "Variables: read";

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in reading.ListAsync($"{repository.Path}/actions/variables", CiVariables.Shape, cancellationToken))
        {
            yield return [.. page.Select(v => CiVariables.Map(v, $"repository:{repository.Id}", repository.Reference))];
        }
    }
}

/// <summary><c>GET /repos/{owner}/{repo}/environments/{environment}/variables</c> of all environments of a repository.</summary>
internal sealed class EnvironmentVariables : RepositoryScope
{
    public override string Kind => "environment-variables";

    public override string Title => "environments' variables";

    public override string Permission => "Environments: read";

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (id, name) in await Environments.NamesAsync(reading, repository, cancellationToken))
        {
            var path = $"{repository.Path}/environments/{Uri.EscapeDataString(name)}/variables";
            await foreach (var page in Part.OfListAsync(reading.ListAsync(path, CiVariables.Shape, cancellationToken), Title, cancellationToken))
            {
                yield return [.. page.Select(v => CiVariables.Map(v, $"environment:{id}", new("environment", $"{repository.FullName}/{Text.Name(name, "environment")}")))];
            }
        }
    }
}
