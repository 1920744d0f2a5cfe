using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /orgs/{org}/hooks</c>.</summary>
internal sealed class OrganizationWebhooks : OrganizationScope
{
    public override string Kind => "organization-webhooks";

    public override string Title => "webhooks";

    public override string Permission => "Webhooks (organization): read";

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = reading.ListAsync($"orgs/{Uri.EscapeDataString(owner.Login)}/hooks", GitHubJson.Default.HookDocumentArray, Webhooks.Key, cancellationToken);
        await foreach (var page in pages)
        {
            yield return [.. page.SelectMany(h => Webhooks.Map(h, owner.Reference))];
        }
    }
}
