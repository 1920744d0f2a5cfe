using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /orgs/{org}/secret-scanning/alerts</c>, with <c>hide_secret</c>. The secret, and every comment, is dropped while the
/// answer is parsed: what is not in <see cref="SecretAlertDocument"/> never becomes a string.
/// </summary>
internal sealed class SecretAlerts : OrganizationScope
{
    public override string Kind => "organization-secret-alerts";

    public override string Title => "secret-scanning alerts";

    public override string Permission => "Secret scanning alerts: read";

    public override string? Toggle => GitHubDescriptor.SecretAlerts;

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var locations = new AlertLocations(reading);
        var pages = reading.ListAsync(
            $"orgs/{Uri.EscapeDataString(owner.Login)}/secret-scanning/alerts?hide_secret=true&sort=created&direction=asc",
            GitHubJson.Default.SecretAlertDocumentArray, static a => $"{a.Repository?.Id}:{a.Number}", cancellationToken);
        await foreach (var page in pages)
        {
            var observations = new List<Observation>(page.Count);
            foreach (var alert in page)
            {
                if (alert.Repository is not { } repository || Repositories.Place(repository, owner) is not { } place)
                {
                    throw GitHubRefusal.Broken("An alert does not say which repository it belongs to.");
                }

                observations.Add(SecretAlert.Map(alert, place, await locations.OfAsync(alert, place, cancellationToken)));
            }

            yield return observations;
        }

        locations.Close();
    }
}

/// <summary><c>GET /repos/{owner}/{repo}/secret-scanning/alerts</c>, for repositories of users, who have no list of all.</summary>
internal sealed class RepositorySecretAlerts : RepositoryScope
{
    public override string Kind => "secret-alerts";

    public override string Title => "secret-scanning alerts";

    public override string Permission => "Secret scanning alerts: read";

    public override string? Toggle => GitHubDescriptor.SecretAlerts;

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override bool Concerns(RepositoryPlace repository) => !repository.Owner.IsOrganization;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var locations = new AlertLocations(reading);
        var pages = reading.ListAsync(
            $"{repository.Path}/secret-scanning/alerts?hide_secret=true&sort=created&direction=asc",
            GitHubJson.Default.SecretAlertDocumentArray, static a => a.Number.ToString(CultureInfo.InvariantCulture), cancellationToken);
        await foreach (var page in pages)
        {
            var observations = new List<Observation>(page.Count);
            foreach (var alert in page)
            {
                observations.Add(SecretAlert.Map(alert, repository, await locations.OfAsync(alert, repository, cancellationToken)));
            }

            yield return observations;
        }

        locations.Close();
    }
}
