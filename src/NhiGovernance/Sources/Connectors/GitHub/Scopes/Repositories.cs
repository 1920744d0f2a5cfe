using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /orgs/{org}/repos</c>, <c>/installation/repositories</c> or <c>/user/repos</c>: the parent of all that repositories
/// hold. Always read in full, because its children come from it.
/// </summary>
internal sealed class Repositories : GitHubScope
{
    private static readonly PageShape<RepositoriesDocument, RepositoryDocument> OfInstallation = new(
        GitHubJson.Default.RepositoriesDocument, static p => p.Repositories, static p => p.TotalCount, Key);

    private static readonly PageShape<RepositoryDocument[], RepositoryDocument> Plain = new(
        GitHubJson.Default.RepositoryDocumentArray, static p => p, static _ => null, Key);

    private readonly Dictionary<long, RepositoryPlace> _byId = [];
    private readonly Dictionary<string, long> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The places that the list named; no list of anything else is kept. One that was renamed, or made again under the same
    /// name, while the list was read, is there once, as it was seen last.
    /// </summary>
    public IReadOnlyList<RepositoryPlace> Found => [.. _byName.Select(n => _byId[n.Value]).DistinctBy(p => p.Id)];

    public override string Kind => "repositories";

    public override string Title => "repositories";

    public override string Permission => "Metadata: read";

    public async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, GitHubSession session, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var login = Uri.EscapeDataString(owner.Login);
        var pages = session.SignIn.IsApp
            ? reading.ListAsync("installation/repositories", OfInstallation, cancellationToken)
            : reading.ListAsync(
                owner.IsOrganization ? $"orgs/{login}/repos?type=all&sort=created&direction=asc"
                    : owner.IsSelf ? "user/repos?affiliation=owner&sort=created&direction=asc"
                    : $"users/{login}/repos?type=owner&sort=created&direction=asc",
                Plain, cancellationToken);
        await foreach (var page in pages)
        {
            var observations = new List<Observation>(page.Count);
            foreach (var repository in page)
            {
                // An App may be installed for repositories of one account only, but a user's own list names others' too.
                if (!string.Equals(repository.Owner?.Login ?? owner.Login, owner.Login, StringComparison.OrdinalIgnoreCase)
                    || Place(repository, owner) is not { } place)
                {
                    continue;
                }

                _byId[place.Id] = place;
                _byName[place.FullName] = place.Id;
                observations.Add(Map(repository, place, session.Settings.Reads(place.FullName)));
            }

            yield return observations;
        }
    }

    internal static RepositoryPlace? Place(RepositoryDocument repository, OwnerPlace owner)
    {
        var name = Text.Clean(repository.FullName ?? (repository.Name is { } own ? $"{owner.Login}/{own}" : null), 200);
        return name.Count(c => c == '/') != 1 || name.Split('/').Any(p => p is "" or "." or "..")
            ? null
            : new(owner, repository.Id, name, repository.DefaultBranch, VisibilityOf(repository), repository.Archived ?? false);
    }

    internal static ResourceObservation Map(RepositoryDocument repository, RepositoryPlace place, bool isRead)
    {
        // GitHub leaves the security settings out for those who do not administer the repository.
        var hidden = KnownValue.Denied("Administration: read");
        var security = repository.SecurityAndAnalysis;
        KnownValue Setting(StatusDocument? setting) =>
            security is null ? hidden : Text.Known(setting?.Status, KnownValue.NotExposed);

        return new ResourceObservation($"repository:{place.Id}", ResourceKind.Repository, place.FullName, place.Reference)
        {
            LeftOut = !isRead,
            Url = Text.Page(repository.HtmlUrl),
            Facts = new Dictionary<string, KnownValue>
            {
                ["visibility"] = KnownValue.Of(place.Visibility),
                ["archived"] = KnownValue.Of(place.Archived),
                ["disabled"] = Text.Known(repository.Disabled),
                ["fork"] = Text.Known(repository.Fork),
                ["defaultBranch"] = Text.Known(repository.DefaultBranch),
                ["createdAt"] = Text.KnownInstant(repository.CreatedAt),
                ["allowForking"] = Text.Known(repository.AllowForking),
                ["signOffRequired"] = Text.Known(repository.WebCommitSignoffRequired),
                ["advancedSecurity"] = Setting(security?.AdvancedSecurity),
                ["secretScanning"] = Setting(security?.SecretScanning),
                ["pushProtection"] = Setting(security?.SecretScanningPushProtection),
                ["secretNonProviderPatterns"] = Setting(security?.SecretScanningNonProviderPatterns),
                ["secretValidityChecks"] = Setting(security?.SecretScanningValidityChecks),
                ["dependabotUpdates"] = Setting(security?.DependabotSecurityUpdates),
                ["readByThisSource"] = KnownValue.Of(isRead),
            },
        };
    }

    private static string VisibilityOf(RepositoryDocument repository) =>
        Text.Clean(repository.Visibility, 20) is { Length: > 0 } said ? said : repository.Private == true ? "private" : "public";

    private static string Key(RepositoryDocument repository) => repository.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
