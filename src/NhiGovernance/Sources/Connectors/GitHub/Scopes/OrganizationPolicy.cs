using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /orgs/{org}</c>: what holds for all repositories. Policies are there for owners only.</summary>
internal sealed class OrganizationPolicy : OrganizationScope
{
    public override string Kind => GitHubScopes.Organization;

    public override string Title => "settings";

    public override string Permission => "Administration (organization): read";

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return [Map(await reading.GetAsync($"orgs/{Uri.EscapeDataString(owner.Login)}", GitHubJson.Default.OrganizationDocument, cancellationToken), owner)];
    }

    internal static ResourceObservation Map(OrganizationDocument organization, OwnerPlace owner)
    {
        // GitHub leaves these fields out instead of refusing them.
        var hidden = KnownValue.Denied("Administration (organization): read");
        return new($"organization:{owner.Id}", ResourceKind.Organization, owner.Login, owner.Reference)
        {
            Url = Text.Page(organization.HtmlUrl),
            Facts = new Dictionary<string, KnownValue>
            {
                ["createdAt"] = Text.KnownInstant(organization.CreatedAt),
                ["plan"] = Text.Known(organization.Plan?.Name, hidden),
                ["twoFactorRequired"] = Text.Known(organization.TwoFactorRequirementEnabled, hidden),
                ["defaultRepositoryPermission"] = Text.Known(organization.DefaultRepositoryPermission, hidden),
                ["membersMayCreateRepositories"] = Text.Known(organization.MembersCanCreateRepositories, hidden),
                ["membersMayCreatePublicRepositories"] = Text.Known(organization.MembersCanCreatePublicRepositories, hidden),
                ["membersMayChangeVisibility"] = Text.Known(organization.MembersCanChangeRepoVisibility, hidden),
                ["membersMayDeleteRepositories"] = Text.Known(organization.MembersCanDeleteRepositories, hidden),
                ["deployKeysAllowed"] = Text.Known(organization.DeployKeysEnabledForRepositories, hidden),
                ["secretScanningOfNewRepositories"] = Text.Known(organization.SecretScanningEnabledForNewRepositories, hidden),
                ["pushProtectionOfNewRepositories"] = Text.Known(organization.SecretScanningPushProtectionEnabledForNewRepositories, hidden),
                ["signOffRequired"] = Text.Known(organization.WebCommitSignoffRequired, hidden),
            },
        };
    }
}
