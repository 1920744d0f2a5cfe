using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /orgs/{org}/personal-access-tokens</c> and <c>…/{id}/repositories</c>, for Apps only. GitHub tells when access was granted, not when the token was
/// made.
/// </summary>
internal sealed class FineGrainedTokens : OrganizationScope
{
    /// <summary>Above that a grant says how many repositories.</summary>
    public const int MostNamed = 20;

    public override string Kind => "fine-grained-tokens";

    public override string Title => "fine-grained tokens";

    public override string Permission => "Personal access tokens: read";

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override bool ShowsUses => true;

    public override string? NotAvailable(IGitHubSignIn signIn) => WithoutApp(signIn, Permission);

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"orgs/{Uri.EscapeDataString(owner.Login)}/personal-access-tokens";
        await foreach (var page in reading.ListAsync(path, GitHubJson.Default.FineGrainedTokenDocumentArray, Key, cancellationToken))
        {
            var observations = new List<Observation>(page.Count * 2);
            foreach (var token in page)
            {
                var chosen = await ChosenRepositories.OfTokenAsync(reading, $"{path}/{Key(token)}/repositories", token.RepositorySelection, owner, Title, cancellationToken);
                observations.AddRange(Map(token, owner, chosen, token.TokenId is { } id ? reading.Place.LastUse(AuditUses.OfToken(id)) : null));
            }

            yield return observations;
        }
    }

    internal static string? WithoutApp(IGitHubSignIn signIn, string permission) =>
        signIn.IsApp ? null : $"GitHub lists these to GitHub Apps only: sign in as an App that has \"{permission}\".";

    internal static string Key(FineGrainedTokenDocument token) => token.Id.ToString(CultureInfo.InvariantCulture);

    /// <param name="chosen">The repositories that it may reach, where they were chosen one by one.</param>
    /// <param name="audited">Its last use by the audit log.</param>
    internal static IEnumerable<Observation> Map(
        FineGrainedTokenDocument token, OwnerPlace owner, IReadOnlyCollection<string>? chosen = null, DateTimeOffset? audited = null)
    {
        // The grant's id: the same token may be granted to several organizations, and its own id joins them.
        var id = $"fine-grained-token:{token.Id}";
        var holder = Text.Clean(token.Owner?.Login, 100);
        var name = Text.Name(token.TokenName, $"fine-grained token {token.TokenId ?? token.Id}");
        var granted = Text.Instant(token.AccessGrantedAt);
        var expires = Text.KnownInstant(token.TokenExpiresAt, KnownValue.Never());
        var told = Text.Instant(token.TokenLastUsedAt);
        var lastUsed = KnownValue.Or(audited > told || told is null ? audited ?? told : told, KnownValue.Never());
        yield return new IdentityObservation(id, IdentityKind.AccessToken, holder.Length > 0 ? $"{name} of {holder}" : name, owner.Reference)
        {
            Disabled = token.TokenExpired == true,
            CreatedAt = KnownValue.NotExposed,
            LastUsedAt = lastUsed,
            ExpiresAt = expires,
            JoinKeys = token.TokenId is { } tokenId ? [string.Create(CultureInfo.InvariantCulture, $"github:token:{tokenId}")] : [],
            Grants = [.. Grants(token, owner, chosen)],
            Facts = new Dictionary<string, KnownValue>
            {
                ["owner"] = Text.Known(holder),
                ["accessGrantedAt"] = KnownValue.Or(granted, KnownValue.NotExposed),
                ["repositorySelection"] = Text.Known(token.RepositorySelection),
                ["repositories"] = ChosenRepositories.Known(chosen, token.RepositorySelection),
                ["expired"] = Text.Known(token.TokenExpired),
            },
        };
        yield return new CredentialObservation(id, id, CredentialKind.FineGrainedToken, name)
        {
            KeyIds = token.TokenId is { } key ? [key.ToString(CultureInfo.InvariantCulture)] : [],
            Disabled = token.TokenExpired == true,
            CreatedAt = KnownValue.NotExposed,
            LastUsedAt = lastUsed,
            ExpiresAt = expires,
        };
    }

    internal static IEnumerable<GrantObservation> Grants(FineGrainedTokenDocument token, OwnerPlace owner, IReadOnlyCollection<string>? chosen = null)
    {
        IReadOnlyCollection<string> where = token.RepositorySelection switch
        {
            "all" => [$"{owner.Login}/*"],
            "none" => [owner.Login],
            _ when chosen is { Count: > 0 and <= MostNamed } => chosen,
            _ when chosen is not null => [$"{chosen.Count} repositories of {owner.Login}"],
            _ => [$"{owner.Login} (selected repositories)"],
        };
        var permissions = token.Permissions;
        return (permissions?.Organization ?? []).Select(p => GitHubPermissions.Grant(
                p.Key.StartsWith("organization_", StringComparison.Ordinal) || p.Key == "members" ? p.Key : $"organization_{p.Key}", p.Value, owner.Login))
            .Concat((permissions?.Repository ?? []).Concat(permissions?.Other ?? []).SelectMany(p => where.Select(w => GitHubPermissions.Grant(p.Key, p.Value, w))))
            .OrderBy(g => g.Permission, StringComparer.Ordinal).ThenBy(g => g.Resource, StringComparer.Ordinal);
    }
}
