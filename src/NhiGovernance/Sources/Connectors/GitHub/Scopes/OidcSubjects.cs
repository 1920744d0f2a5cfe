using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /repos/{owner}/{repo}/actions/oidc/customization/sub</c>: what a job's OIDC token says of itself, and so what clouds
/// can trust it by.
/// </summary>
internal sealed class OidcSubjects : RepositoryScope
{
    public override string Kind => "oidc-subject";

    public override string Title => "OIDC subject";

    public override string Permission => "Actions: read";

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, RepositoryPlace repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var subject = await reading.GetAsync(
            $"{repository.Path}/actions/oidc/customization/sub", GitHubJson.Default.OidcSubjectDocument, cancellationToken);
        yield return [Map(subject, repository, reading.Issuer)];
    }

    internal static IdentityObservation Map(OidcSubjectDocument subject, RepositoryPlace repository, string issuer)
    {
        var prefix = Text.Clean(subject.SubClaimPrefix, 200);
        return new($"oidc-subject:repository:{repository.Id}", IdentityKind.FederatedTrust, $"OIDC tokens of {repository.FullName}", repository.Reference)
        {
            ExpiresAt = KnownValue.Never(),
            JoinKeys = [$"oidc:{issuer}|{(prefix.Length > 0 ? prefix : $"repo:{repository.FullName}")}"],
            Facts = Facts(subject, issuer),
        };
    }

    internal static Dictionary<string, KnownValue> Facts(OidcSubjectDocument subject, string issuer) => new()
    {
        ["issuer"] = KnownValue.Of(issuer),
        ["usesDefaultSubject"] = Text.Known(subject.UseDefault),
        ["claimKeys"] = subject.IncludeClaimKeys is { } keys
            ? KnownValue.Of(Text.Clean(string.Join(", ", keys.Select(k => Text.Clean(k, 100))), 1000))
            : KnownValue.NotExposed,
        ["immutableSubject"] = Text.Known(subject.UseImmutableSubject),

        // What clouds compare: with immutable subjects it holds numbers where it held names. Organizations have none of their own.
        ["subClaimPrefix"] = Text.Known(subject.SubClaimPrefix),
    };
}
