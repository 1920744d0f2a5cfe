using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /orgs/{org}/personal-access-token-requests</c> and <c>…/{id}/repositories</c>, for Apps only: tokens that wait for an owner's approval.</summary>
internal sealed class FineGrainedTokenRequests : OrganizationScope
{
    public override string Kind => "fine-grained-token-requests";

    public override string Title => "requests of fine-grained tokens";

    public override string Permission => "Personal access token requests: read";

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override string? NotAvailable(IGitHubSignIn signIn) => FineGrainedTokens.WithoutApp(signIn, Permission);

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"orgs/{Uri.EscapeDataString(owner.Login)}/personal-access-token-requests";
        await foreach (var page in reading.ListAsync(path, GitHubJson.Default.FineGrainedTokenDocumentArray, FineGrainedTokens.Key, cancellationToken))
        {
            var observations = new List<Observation>(page.Count);
            foreach (var request in page)
            {
                var chosen = await ChosenRepositories.OfTokenAsync(
                    reading, $"{path}/{FineGrainedTokens.Key(request)}/repositories", request.RepositorySelection, owner, Title, cancellationToken);
                observations.Add(Map(request, owner, chosen));
            }

            yield return observations;
        }
    }

    internal static ResourceObservation Map(FineGrainedTokenDocument request, OwnerPlace owner, IReadOnlyCollection<string>? chosen = null)
    {
        var holder = Text.Clean(request.Owner?.Login, 100);
        var grants = FineGrainedTokens.Grants(request, owner).ToList();
        return new($"token-request:{request.Id}", ResourceKind.TokenRequest, Text.Name(request.TokenName, $"request {request.Id}"), owner.Reference)
        {
            Facts = new Dictionary<string, KnownValue>
            {
                ["owner"] = Text.Known(holder),
                ["requestedAt"] = Text.KnownInstant(request.CreatedAt),
                ["repositorySelection"] = Text.Known(request.RepositorySelection),
                ["repositories"] = ChosenRepositories.Known(chosen, request.RepositorySelection),
                ["permissions"] = Text.Set(grants.Select(g => g.Permission)),
                ["altersRelease"] = KnownValue.Of(grants.Any(g => g.AltersRelease)),
                ["expiresAt"] = Text.KnownInstant(request.TokenExpiresAt, KnownValue.Never()),
                ["lastUsedAt"] = Text.KnownInstant(request.TokenLastUsedAt, KnownValue.Never()),

                // People write anything into the reason.
                ["reason"] = KnownValue.Redacted,
            },
        };
    }
}
