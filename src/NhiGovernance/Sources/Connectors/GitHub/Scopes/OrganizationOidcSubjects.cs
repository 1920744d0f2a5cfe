using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary><c>GET /orgs/{org}/actions/oidc/customization/sub</c>: the form that repositories take over unless they say otherwise.</summary>
internal sealed class OrganizationOidcSubjects : OrganizationScope
{
    public override string Kind => "organization-oidc-subject";

    public override string Title => "OIDC subject";

    public override string Permission => "Administration (organization): read";

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var subject = await reading.GetAsync(
            $"orgs/{Uri.EscapeDataString(owner.Login)}/actions/oidc/customization/sub", GitHubJson.Default.OidcSubjectDocument, cancellationToken);
        yield return [Map(subject, owner, reading.Issuer)];
    }

    internal static IdentityObservation Map(OidcSubjectDocument subject, OwnerPlace owner, string issuer) =>
        new($"oidc-subject:organization:{owner.Id}", IdentityKind.FederatedTrust, $"OIDC tokens of {owner.Login}", owner.Reference)
        {
            ExpiresAt = KnownValue.Never(),
            JoinKeys = [$"oidc:{issuer}|owner:{owner.Login}"],
            Facts = OidcSubjects.Facts(subject, issuer),
        };
}
