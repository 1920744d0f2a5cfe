using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /orgs/{org}/installations</c>. GitHub tells neither when an app was last used (the audit log may) nor who installed it nor
/// which repositories were chosen for it, and never lists an app's private keys, which do not expire.
/// </summary>
internal sealed class AppInstallations : OrganizationScope
{
    private static readonly PageShape<InstallationsDocument, InstallationDocument> Shape = new(
        GitHubJson.Default.InstallationsDocument, static p => p.Installations, static p => p.TotalCount,
        static i => i.Id.ToString(CultureInfo.InvariantCulture));

    public override string Kind => "app-installations";

    public override string Title => "app installations";

    public override string Permission => "Administration (organization): read";

    public override bool ShowsUses => true;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in reading.ListAsync($"orgs/{Uri.EscapeDataString(owner.Login)}/installations", Shape, cancellationToken))
        {
            yield return [.. page.SelectMany(i => Map(i, owner, reading.Place.LastUse(AuditUses.OfActor($"{Text.Clean(i.AppSlug, 100)}[bot]"))))];
        }
    }

    /// <param name="audited">Its last use by the audit log.</param>
    /// <param name="chosen">The repositories that it may reach, where they were chosen one by one and the list tells them.</param>
    internal static IEnumerable<Observation> Map(
        InstallationDocument installation, OwnerPlace owner, DateTimeOffset? audited = null, IReadOnlyCollection<string>? chosen = null)
    {
        var id = $"app-installation:{installation.Id}";
        var name = Text.Name(installation.AppSlug, $"app installation {installation.Id}");
        IReadOnlyCollection<string> where = installation.RepositorySelection == "all" ? [$"{owner.Login}/*"]
            : chosen is { Count: > 0 and <= FineGrainedTokens.MostNamed } ? chosen
            : chosen is not null ? [$"{chosen.Count} repositories of {owner.Login}"]
            : [$"{owner.Login} (selected repositories)"];
        var suspended = Text.Instant(installation.SuspendedAt);
        yield return new IdentityObservation(id, IdentityKind.AppInstallation, name, owner.Reference)
        {
            Url = Text.Page(installation.HtmlUrl),
            Disabled = suspended is not null,
            CreatedAt = Text.KnownInstant(installation.CreatedAt),
            LastUsedAt = KnownValue.Or(audited, KnownValue.NotExposed),
            ExpiresAt = KnownValue.Never(),
            JoinKeys = Joins(installation),
            Grants = [.. (installation.Permissions ?? []).OrderBy(p => p.Key, StringComparer.Ordinal)
                .SelectMany(p => where.Select(w => GitHubPermissions.Grant(p.Key, p.Value, w)))],
            Facts = new Dictionary<string, KnownValue>
            {
                ["appId"] = Text.Known(installation.AppId),
                ["repositorySelection"] = Text.Known(installation.RepositorySelection),
                ["events"] = Text.Set(installation.Events),
                ["suspendedAt"] = suspended is { } at ? KnownValue.Of(at) : KnownValue.Never(Text.Instant(installation.CreatedAt)),
                ["suspendedBy"] = suspended is null ? KnownValue.Never() : Text.Known(installation.SuspendedBy?.Login),
                ["installedBy"] = KnownValue.NotExposed,
                ["repositories"] = installation.RepositorySelection == "all" ? KnownValue.Of("all") : chosen is not null ? Text.Set(chosen) : KnownValue.NotExposed,
            },
        };
        yield return new CredentialObservation($"app-private-keys:{installation.Id}", id, CredentialKind.AppPrivateKey, $"private keys of {name}")
        {
            ExpiresAt = KnownValue.Never(),
            Facts = new Dictionary<string, KnownValue> { ["count"] = KnownValue.NotExposed },
        };
    }

    private static string[] Joins(InstallationDocument installation)
    {
        var keys = new List<string> { string.Create(CultureInfo.InvariantCulture, $"github:installation:{installation.Id}") };
        if (installation.AppId is { } app)
        {
            keys.Add(string.Create(CultureInfo.InvariantCulture, $"github:app:{app}"));
        }

        if (Text.Clean(installation.AppSlug, 100) is { Length: > 0 } slug)
        {
            keys.Add($"github:bot:{slug}[bot]");
        }

        return [.. keys];
    }
}
