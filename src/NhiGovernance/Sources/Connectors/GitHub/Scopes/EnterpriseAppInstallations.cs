using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /enterprises/{enterprise}/apps/organizations/{org}/installations</c>: the same installations by way of the enterprise, which
/// also tells the repositories that were chosen for each. In place of <see cref="AppInstallations"/>, and so under its name, when the
/// settings name an enterprise: who may read it is not who may read the organization's own list.
/// </summary>
/// <remarks>
/// Only for an App that is installed on the enterprise, which is another installation than that on the organization:
/// https://docs.github.com/enterprise-cloud@latest/rest/enterprise-admin/organization-installations.
/// </remarks>
internal sealed class EnterpriseAppInstallations(string enterprise) : OrganizationScope
{
    public override string Kind => "app-installations";

    public override string Title => "app installations by way of the enterprise";

    public override string Permission => "Enterprise organization installations: read, of an App installed on the enterprise";

    public override bool ShowsUses => true;

    public override bool AsEnterprise => true;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"enterprises/{Uri.EscapeDataString(enterprise)}/apps/organizations/{Uri.EscapeDataString(owner.Login)}/installations";
        await foreach (var page in reading.ListAsync(path, GitHubJson.Default.InstallationDocumentArray, Key, cancellationToken))
        {
            var observations = new List<Observation>(page.Count * 2);
            foreach (var installation in page)
            {
                var chosen = await ChosenRepositories.OfInstallationAsync(
                    reading, $"{path}/{Key(installation)}/repositories", installation.RepositorySelection, owner, "repositories of an app installation", cancellationToken);
                var audited = reading.Place.LastUse(AuditUses.OfActor($"{Text.Clean(installation.AppSlug, 100)}[bot]"));
                observations.AddRange(AppInstallations.Map(installation, owner, audited, chosen));
            }

            yield return observations;
        }
    }

    private static string Key(InstallationDocument installation) => installation.Id.ToString(CultureInfo.InvariantCulture);
}
