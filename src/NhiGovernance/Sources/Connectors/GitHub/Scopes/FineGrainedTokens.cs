using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /orgs/{org}/personal-access-tokens</c>, for Apps only. GitHub tells when access was granted, not when the token was
/// made.
/// </summary>
internal sealed class FineGrainedTokens : OrganizationScope
{
    public override string Kind => "fine-grained-tokens";

    public override string Title => "fine-grained tokens";

    public override string Permission => "Personal access tokens: read";

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override string? NotAvailable(GitHubSettings settings, IGitHubSignIn signIn) => WithoutApp(signIn, Permission);

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = reading.ListAsync(
            $"orgs/{Uri.EscapeDataString(owner.Login)}/personal-access-tokens", GitHubJson.Default.FineGrainedTokenDocumentArray, Key, cancellationToken);
        await foreach (var page in pages)
        {
            yield return [.. page.SelectMany(t => Map(t, owner))];
        }
    }

    internal static string? WithoutApp(IGitHubSignIn signIn, string permission) =>
        signIn.IsApp ? null : $"GitHub lists these to GitHub Apps only: sign in as an App that has \"{permission}\".";

    internal static string Key(FineGrainedTokenDocument token) => token.Id.ToString(CultureInfo.InvariantCulture);

    internal static IEnumerable<Observation> Map(FineGrainedTokenDocument token, OwnerPlace owner)
    {
        // The grant's id: the same token may be granted to several organizations, and its own id joins them.
        var id = $"fine-grained-token:{token.Id}";
        var holder = Text.Clean(token.Owner?.Login, 100);
        var name = Text.Name(token.TokenName, $"fine-grained token {token.TokenId ?? token.Id}");
        var granted = Text.Instant(token.AccessGrantedAt);
        var expires = Text.KnownInstant(token.TokenExpiresAt, KnownValue.Never());
        var lastUsed = Text.KnownInstant(token.TokenLastUsedAt, KnownValue.Never());
        yield return new IdentityObservation(id, IdentityKind.AccessToken, holder.Length > 0 ? $"{name} of {holder}" : name, owner.Reference)
        {
            Disabled = token.TokenExpired == true,
            CreatedAt = KnownValue.NotExposed,
            LastUsedAt = lastUsed,
            ExpiresAt = expires,
            JoinKeys = token.TokenId is { } tokenId ? [string.Create(CultureInfo.InvariantCulture, $"github:token:{tokenId}")] : [],
            Grants = [.. Grants(token, owner)],
            Facts = new Dictionary<string, KnownValue>
            {
                ["owner"] = Text.Known(holder),
                ["accessGrantedAt"] = KnownValue.Or(granted, KnownValue.NotExposed),
                ["repositorySelection"] = Text.Known(token.RepositorySelection),
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

    internal static IEnumerable<GrantObservation> Grants(FineGrainedTokenDocument token, OwnerPlace owner)
    {
        var where = token.RepositorySelection switch
        {
            "all" => $"{owner.Login}/*",
            "none" => owner.Login,
            _ => $"{owner.Login} (selected repositories)",
        };
        var permissions = token.Permissions;
        return (permissions?.Organization ?? []).Select(p => GitHubPermissions.Grant(
                p.Key.StartsWith("organization_", StringComparison.Ordinal) || p.Key == "members" ? p.Key : $"organization_{p.Key}", p.Value, owner.Login))
            .Concat((permissions?.Repository ?? []).Select(p => GitHubPermissions.Grant(p.Key, p.Value, where)))
            .Concat((permissions?.Other ?? []).Select(p => GitHubPermissions.Grant(p.Key, p.Value, where)))
            .OrderBy(g => g.Permission, StringComparer.Ordinal);
    }
}
