using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /orgs/{org}/{store}/secrets</c>, and of those for chosen repositories which those are.</summary>
internal sealed class OrganizationSecrets(string store) : OrganizationScope
{
    public override string Kind => $"organization-{store}-secrets";

    public override string Title => $"{store} secrets";

    public override string Permission => store switch
    {
        "dependabot" => "Organization dependabot secrets: read",
        "codespaces" => "Organization codespaces secrets: read",
        _ => "Secrets (organization): read",
    };

    public override string? Toggle => store == "codespaces" ? GitHubDescriptor.Codespaces : null;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"orgs/{Uri.EscapeDataString(owner.Login)}/{store}/secrets";
        await foreach (var page in reading.ListAsync(path, CiSecrets.Shape, cancellationToken))
        {
            var observations = new List<Observation>(page.Count);
            foreach (var secret in page)
            {
                var chosen = await ChosenRepositories.OfAsync(reading, $"{path}/{{0}}/repositories", secret.Name, secret.Visibility, owner, Title, cancellationToken);
                observations.Add(CiSecrets.Map(secret, store, $"organization:{owner.Id}", OrganizationPipelines.KeyOf(owner), chosen: chosen));
            }

            yield return observations;
        }
    }
}
