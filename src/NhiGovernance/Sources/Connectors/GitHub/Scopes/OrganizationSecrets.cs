using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /orgs/{org}/{store}/secrets</c>.</summary>
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
        await foreach (var page in reading.ListAsync($"orgs/{Uri.EscapeDataString(owner.Login)}/{store}/secrets", CiSecrets.Shape, cancellationToken))
        {
            yield return [.. page.Select(s => CiSecrets.Map(s, store, $"organization:{owner.Id}", OrganizationPipelines.KeyOf(owner)))];
        }
    }
}
