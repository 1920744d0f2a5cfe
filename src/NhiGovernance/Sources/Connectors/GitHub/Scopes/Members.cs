using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// <c>GET /orgs/{org}/members</c>: all, with those of role admin, and (for owners) those without two-factor sign-in, each by
/// its own filter, because the list itself does not say.
/// </summary>
internal sealed class Members : OrganizationScope
{
    public override string Kind => "members";

    public override string Title => "members";

    public override string Permission => "Members: read";

    public override string? Toggle => GitHubDescriptor.Members;

    public override bool ShowsUses => true;

    public override async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(
        ScopeReading reading, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (reading.TokenScopes is { } scopes && !scopes.Any(s => s is "read:org" or "write:org" or "admin:org"))
        {
            // GitHub answers 200 all the same, with those only who made their membership public.
            throw new GitHubRefusal(RefusalKind.Denied, 0, "Without the scope read:org only public members are listed.") { Permission = "scope read:org" };
        }

        var path = $"orgs/{Uri.EscapeDataString(owner.Login)}/members";
        var withoutSecondFactor = await FilteredAsync(reading, $"{path}?filter=2fa_disabled", cancellationToken);
        var admins = await IdsAsync(reading, $"{path}?role=admin", cancellationToken);
        await foreach (var page in reading.ListAsync(path, GitHubJson.Default.AccountDocumentArray, Key, cancellationToken))
        {
            yield return [.. page.Select(m => Map(m, owner, admins.Contains(m.Id) ? "admin" : "member", withoutSecondFactor, reading.Place.LastUse(AuditUses.OfActor(m.Login ?? "?"))))];
        }
    }

    internal static string Key(AccountDocument account) => account.Id.ToString(CultureInfo.InvariantCulture);

    internal static PersonObservation Map(AccountDocument account, OwnerPlace owner, string role, IReadOnlySet<long>? withoutSecondFactor, DateTimeOffset? active = null) =>
        new($"{(role == "outside collaborator" ? "outside" : "member")}:{owner.Id}:{account.Id}", Text.Name(account.Login, $"user {account.Id}"))
        {
            // GitHub gives names and addresses only for what people made public, one request a person.
            DisplayName = KnownValue.NotExposed,
            Email = KnownValue.NotExposed,
            Status = PersonStatus.Active,
            Facts = new Dictionary<string, KnownValue>
            {
                ["githubId"] = KnownValue.Of(account.Id),
                ["role"] = KnownValue.Of(role),
                ["type"] = Text.Known(account.Type),
                ["siteAdmin"] = Text.Known(account.SiteAdmin),
                ["organization"] = KnownValue.Of(owner.Login),

                // By the audit log; that it holds nothing of somebody proves nothing.
                ["lastActive"] = active is { } at ? KnownValue.Of(at) with { IsTally = true } : KnownValue.NotExposed,
                ["twoFactor"] = withoutSecondFactor is null ? KnownValue.Denied("organization owner") : KnownValue.Of(!withoutSecondFactor.Contains(account.Id)),
            },
        };

    /// <summary>Null when this sign-in may not use the filter; the two-factor filters are for owners.</summary>
    internal static async Task<IReadOnlySet<long>?> FilteredAsync(ScopeReading reading, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await IdsAsync(reading, path, cancellationToken);
        }
        catch (GitHubRefusal refusal) when (refusal.Kind == RefusalKind.Denied || refusal.Status == System.Net.HttpStatusCode.UnprocessableEntity)
        {
            return null;
        }
    }

    private static async Task<IReadOnlySet<long>> IdsAsync(ScopeReading reading, string path, CancellationToken cancellationToken)
    {
        var ids = new HashSet<long>();
        await foreach (var page in reading.ListAsync(path, GitHubJson.Default.AccountDocumentArray, Key, cancellationToken))
        {
            ids.UnionWith(page.Select(a => a.Id));
        }

        return ids;
    }
}
