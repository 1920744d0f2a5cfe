using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /orgs/{org}/credential-authorizations</c> (Enterprise Cloud with SAML): the only list of classic tokens and SSH keys
/// of members. Without SAML they cannot be listed at all.
/// </summary>
internal sealed class AuthorizedCredentials : OrganizationScope
{
    public override string Kind => "sso-credentials";

    public override string Title => "SSO-authorized credentials";

    public override string Permission => "scope read:org, of an owner (Enterprise Cloud with SAML)";

    public override NotFoundMeans NotFound => NotFoundMeans.NotAvailable;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = reading.ListAsync(
            $"orgs/{Uri.EscapeDataString(owner.Login)}/credential-authorizations", GitHubJson.Default.AuthorizedCredentialDocumentArray,
            static c => c.CredentialId > 0 ? c.CredentialId.ToString(CultureInfo.InvariantCulture) : throw GitHubRefusal.NotAsDescribed(), cancellationToken);
        await foreach (var page in pages)
        {
            yield return [.. page.SelectMany(c => Map(c, owner))];
        }
    }

    internal static IEnumerable<Observation> Map(AuthorizedCredentialDocument credential, OwnerPlace owner)
    {
        var id = $"sso-credential:{credential.CredentialId}";
        var isKey = credential.CredentialType?.Contains("SSH", StringComparison.OrdinalIgnoreCase) == true;
        var holder = Text.Clean(credential.Login, 100);
        var name = Text.Name(credential.AuthorizedCredentialNote ?? credential.AuthorizedCredentialTitle, $"{(isKey ? "SSH key" : "token")} {credential.CredentialId}");

        // GitHub never showed when the credential was made; its use is known from the authorization on.
        var authorized = Text.Instant(credential.CredentialAuthorizedAt);
        var lastUsed = Text.KnownInstant(credential.CredentialAccessedAt, KnownValue.Never(authorized));
        var expires = isKey ? KnownValue.Never() : Text.KnownInstant(credential.AuthorizedCredentialExpiresAt, KnownValue.Never());
        var print = Text.Clean(credential.Fingerprint, 100);
        yield return new IdentityObservation(id, IdentityKind.AccessToken, holder.Length > 0 ? $"{name} of {holder}" : name, owner.Reference)
        {
            LastUsedAt = lastUsed,
            ExpiresAt = expires,
            JoinKeys = isKey && print.Length > 0 ? [$"ssh:{print}"] : [],
            Grants = isKey
                ? [new("git over SSH, as its owner", $"{owner.Login}/*", AltersRelease: true)]
                : [.. (credential.Scopes ?? []).Order(StringComparer.Ordinal).Select(s => GitHubPermissions.Scope(s, $"{owner.Login}/*"))],
            Facts = new Dictionary<string, KnownValue>
            {
                ["owner"] = Text.Known(holder),
                ["type"] = Text.Known(credential.CredentialType),
                ["authorizedAt"] = KnownValue.Or(authorized, KnownValue.NotExposed),
            },
        };
        yield return new CredentialObservation(id, id, isKey ? CredentialKind.SshKey : CredentialKind.ClassicToken, name)
        {
            KeyIds = isKey && print.Length > 0 ? [print]
                : credential.AuthorizedCredentialId is { } key ? [key.ToString(CultureInfo.InvariantCulture)] : [],
            LastUsedAt = lastUsed,
            ExpiresAt = expires,

            // The last eight characters of a token are a part of it.
            Facts = new Dictionary<string, KnownValue> { ["tokenLastEight"] = isKey ? KnownValue.NotExposed : KnownValue.Redacted },
        };
    }
}
