using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /orgs/{org}/outside_collaborators</c>: people who reach repositories without being members.</summary>
internal sealed class OutsideCollaborators : OrganizationScope
{
    public override string Kind => "outside-collaborators";

    public override string Title => "outside collaborators";

    public override string Permission => "Members: read";

    public override string? Toggle => GitHubDescriptor.Members;

    public override bool ShowsUses => true;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"orgs/{Uri.EscapeDataString(owner.Login)}/outside_collaborators";
        var withoutSecondFactor = await Members.FilteredAsync(reading, $"{path}?filter=2fa_disabled", cancellationToken);
        await foreach (var page in reading.ListAsync(path, GitHubJson.Default.AccountDocumentArray, Members.Key, cancellationToken))
        {
            yield return [.. page.Select(m => Members.Map(m, owner, "outside collaborator", withoutSecondFactor, reading.Place.LastUse(AuditUses.OfActor(m.Login ?? "?"))))];
        }
    }
}
