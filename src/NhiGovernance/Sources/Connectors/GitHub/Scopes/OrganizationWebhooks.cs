using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /orgs/{org}/hooks</c>, and of each the newest of <c>…/{hook}/deliveries</c>.</summary>
internal sealed class OrganizationWebhooks : OrganizationScope
{
    public override string Kind => "organization-webhooks";

    public override string Title => "webhooks";

    public override string Permission => "Webhooks (organization): read";

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"orgs/{Uri.EscapeDataString(owner.Login)}/hooks";
        await foreach (var page in reading.ListAsync(path, GitHubJson.Default.HookDocumentArray, Webhooks.Key, cancellationToken))
        {
            yield return await Webhooks.WithDeliveriesAsync(reading, path, page, owner.Reference, Permission, cancellationToken);
        }
    }
}
