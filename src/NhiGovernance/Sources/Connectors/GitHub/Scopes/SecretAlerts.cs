using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /orgs/{org}/secret-scanning/alerts</c>, with <c>hide_secret</c>, and once more for <see cref="GenericPatterns"/>. The secret,
/// and every comment, is dropped while the answer is parsed: what is not in <see cref="Documents.SecretAlertDocument"/> never becomes a string.
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
        var pages = GenericPatterns.WithAsync(
            reading, $"orgs/{Uri.EscapeDataString(owner.Login)}/secret-scanning/alerts?hide_secret=true&sort=created&direction=asc",
            static a => $"{a.Repository?.Id}:{GenericPatterns.Number(a)}", Title, cancellationToken);
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

/// <summary>
/// <c>GET /repos/{owner}/{repo}/secret-scanning/alerts</c>, for repositories of users, who have no list of all; and once more for
/// <see cref="GenericPatterns"/>, also where these are switched off now: what was found while they were on may be listed still.
/// </summary>
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
        var pages = GenericPatterns.WithAsync(
            reading, $"{repository.Path}/secret-scanning/alerts?hide_secret=true&sort=created&direction=asc",
            GenericPatterns.Number, Title, cancellationToken);
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
