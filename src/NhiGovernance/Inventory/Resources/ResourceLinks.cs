using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Resources;

/// <summary>Something that a resource's facts name and that is a row itself.</summary>
/// <param name="Kind">identity, credential or resource.</param>
/// <param name="Id">Of the identity, credential or resource.</param>
/// <param name="IdentityId">Of a credential: whose it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Relation">What it is to the resource: "job of this workflow", "secret that it reads".</param>
/// <param name="Under">Where it lives, or which identity holds it; empty where that is plain.</param>
public sealed record ResourceLink(string Kind, Guid Id, Guid? IdentityId, string Name, string Relation, string Under);

/// <summary>What was found, all of it; <paramref name="IsCut"/> when there was too much to look at.</summary>
internal sealed record Links(IReadOnlyList<ResourceLink> All, bool IsCut)
{
    public static readonly Links None = new([], false);

    public Links With(Links more) => new([.. All, .. more.All], IsCut || more.IsCut);
}

/// <summary>
/// Finds what a resource names, among what the actor may see, and of identities and credentials only where they may read those at
/// all: a token for resources names none.
/// </summary>
internal static class ResourceLinks
{
    public static async Task<Links> ReadAsync(
        QueryContext context, Resource resource, IReadOnlyDictionary<string, KnownValue> facts, PlaceDetail place, CancellationToken cancellationToken)
    {
        var mayName = context.May(Permission.ReadIdentities);
        switch (resource.Kind)
        {
            case ResourceKind.WorkflowFile when mayName:
                return (await JobsAsync(context, resource, facts, cancellationToken))
                    .With(await SecretsAsync(context, place.Path, FactList.Read(facts.GetValueOrDefault("secrets")).Texts("name"), cancellationToken));
            case ResourceKind.Environment when Split(place.Path) is var (repository, name):
                var deployers = await DeployersAsync(context, repository, name, cancellationToken);
                return mayName
                    ? deployers.With(await CiSecretsAsync(
                        context, repository, null, s => ReleaseRisks.Is(s.Facts, "environment", name) ? "secret of this environment" : null, cancellationToken))
                    : deployers;
            case ResourceKind.Repository when mayName:
                return await CiSecretsAsync(context, place.Path, null, _ => "secret that its workflows may read", cancellationToken);
            case ResourceKind.BranchProtection when mayName:
                return await AppsAsync(context, resource, facts, cancellationToken);
            default:
                return Links.None;
        }
    }

    /// <summary>"acme/shop" and "production" of "acme/shop/production".</summary>
    public static (string Repository, string Name)? Split(string path) =>
        path.Split('/', 3) is [{ Length: > 0 } owner, { Length: > 0 } name, { Length: > 0 } rest] ? ($"{owner}/{name}", rest) : null;

    private static async Task<Links> JobsAsync(
        QueryContext context, Resource resource, IReadOnlyDictionary<string, KnownValue> facts, CancellationToken cancellationToken)
    {
        if (ReleaseRisks.Text(facts, "path") is not { } path)
        {
            return Links.None;
        }

        var rows = IdentityRows.Visible(context.Db, context.Actor)
            .Where(i => i.PlaceId == resource.PlaceId && i.SourceId == resource.SourceId && i.Presence != Presence.Retired
                && (i.Kind == IdentityKind.WorkflowJob || i.Kind == IdentityKind.FederatedTrust))
            .OrderBy(i => i.SortName).ThenBy(i => i.Id).Select(i => new { i.Id, i.Name, i.Kind, i.Facts });
        var found = await Looking.AtAsync(
            rows,
            r => ReleaseRisks.Text(InventoryJson.ReadFacts(r.Facts), "workflow") == path
                ? new ResourceLink("identity", r.Id, null, r.Name, r.Kind == IdentityKind.WorkflowJob ? "job of this workflow that can alter a release" : "trust that it uses", string.Empty)
                : null,
            cancellationToken);
        return new Links(found.Rows, found.IsCut);
    }

    private static async Task<Links> SecretsAsync(
        QueryContext context, string repository, IEnumerable<string> read, CancellationToken cancellationToken)
    {
        var names = read.Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        if (names.Length == 0)
        {
            return Links.None;
        }

        // "*": all of them, or one that is computed.
        var all = names.Contains("*");
        return await CiSecretsAsync(
            context, repository, all ? null : names,
            s => all && !names.Contains(s.Name, StringComparer.OrdinalIgnoreCase) ? "secret that it may read: it reads all, or computes the name" : "secret that it reads",
            cancellationToken);
    }

    /// <summary>The secrets that workflows of a repository may read: its own, its environments' and its owner's that are for it.</summary>
    /// <param name="relation">What a secret is to the resource; null: nothing.</param>
    private static async Task<Links> CiSecretsAsync(
        QueryContext context, string repository, string[]? names, Func<CiSecret, string?> relation, CancellationToken cancellationToken)
    {
        var owner = repository.Split('/')[0];
        var places = context.Db.Set<Place>()
            .Where(p => (p.Kind == "repository" && p.Path == repository) || (p.Kind == "organization" && p.Path == owner)).Select(p => p.Id);
        var holders = IdentityRows.Visible(context.Db, context.Actor).Where(i => places.Contains(i.PlaceId) && i.Presence != Presence.Retired);
        var secrets = context.Db.Set<Credential>().AsNoTracking().Where(c => c.Kind == CredentialKind.CiSecret && c.Presence != Presence.Retired);
        if (names is not null)
        {
            var written = names.Concat(names.Select(n => n.ToUpperInvariant())).Distinct(StringComparer.Ordinal).ToArray();
            secrets = secrets.Where(c => written.Contains(c.Name));
        }

        var rows =
            from secret in secrets
            join holder in holders on secret.IdentityId equals holder.Id
            orderby secret.Name, secret.Id
            select new { secret.Id, secret.IdentityId, secret.Name, secret.Facts, Holder = holder.Name };
        var found = await Looking.AtAsync(
            rows,
            r => new CiSecret(r.Id, r.IdentityId, r.Name, r.Holder, InventoryJson.ReadFacts(r.Facts)) is var s && s.IsFor(repository) && relation(s) is { } said ? s.Link(said) : null,
            cancellationToken);
        return new Links(found.Rows, found.IsCut);
    }

    private static async Task<Links> DeployersAsync(QueryContext context, string repository, string environment, CancellationToken cancellationToken)
    {
        var found = await WorkflowsAsync(
            context, repository,
            w => FactList.Read(w.Facts.GetValueOrDefault("environments")).Texts("name").Contains(environment, StringComparer.OrdinalIgnoreCase)
                ? new ResourceLink("resource", w.Id, null, w.Name, "workflow that deploys to it", repository)
                : null,
            cancellationToken);
        return new Links(found.Rows, found.IsCut);
    }

    /// <summary>What is wanted of the workflows of a repository, or of all repositories of an organisation.</summary>
    internal static Task<(IReadOnlyList<T> Rows, bool IsCut)> WorkflowsAsync<T>(
        QueryContext context, string path, Func<WorkflowFacts, T?> keep, CancellationToken cancellationToken)
        where T : class
    {
        var within = path + "/";
        var places = context.Db.Set<Place>().Where(p => p.Path == path || (p.Kind == "repository" && p.Path.StartsWith(within))).Select(p => p.Id);
        var rows = ResourceRows.Visible(context.Db, context.Actor)
            .Where(r => r.Kind == ResourceKind.WorkflowFile && r.Presence != Presence.Retired && places.Contains(r.PlaceId))
            .OrderBy(r => r.SortName).ThenBy(r => r.Id).Select(r => new { r.Id, r.Name, r.Facts });
        return Looking.AtAsync(rows, r => keep(new WorkflowFacts(r.Id, r.Name, InventoryJson.ReadFacts(r.Facts))), cancellationToken);
    }

    private static async Task<Links> AppsAsync(
        QueryContext context, Resource resource, IReadOnlyDictionary<string, KnownValue> facts, CancellationToken cancellationToken)
    {
        var named = new[] { "mayBypassReview", "mayPush" }
            .SelectMany(f => (ReleaseRisks.Text(facts, f) ?? string.Empty).Split(", ").Where(w => w.StartsWith("app:", StringComparison.Ordinal)).Select(w => (Fact: f, Slug: w[4..])))
            .ToList();
        var slugs = named.Select(n => n.Slug.ToLowerInvariant()).Distinct(StringComparer.Ordinal).ToArray();
        if (slugs.Length == 0)
        {
            return Links.None;
        }

        var apps = await IdentityRows.Visible(context.Db, context.Actor)
            .Where(i => i.SourceId == resource.SourceId && i.Kind == IdentityKind.AppInstallation && i.Presence != Presence.Retired && slugs.Contains(i.SortName))
            .Select(i => new { i.Id, i.Name, i.SortName }).ToListAsync(cancellationToken);
        return new Links(
            [.. named.SelectMany(n => apps.Where(a => string.Equals(a.SortName, n.Slug, StringComparison.OrdinalIgnoreCase))
                .Select(a => new ResourceLink("identity", a.Id, null, a.Name, n.Fact == "mayPush" ? "app that may push" : "app that may bypass the review", string.Empty)))],
            IsCut: false);
    }
}

internal sealed record WorkflowFacts(Guid Id, string Name, IReadOnlyDictionary<string, KnownValue> Facts);

internal sealed record CiSecret(Guid Id, Guid IdentityId, string Name, string Holder, IReadOnlyDictionary<string, KnownValue> Facts)
{
    /// <summary>A connector keeps no longer list of names: one of this length may have been cut.</summary>
    private const int LongestList = 1_999;

    public ResourceLink Link(string relation) => new("credential", Id, IdentityId, Name, relation, Holder);

    /// <summary>An organisation's secret for chosen repositories is for no other; where the choice is not known in full, it may be.</summary>
    public bool IsFor(string repository) =>
        !ReleaseRisks.Is(Facts, "visibility", "selected") || ReleaseRisks.Text(Facts, "repositories") is not { } chosen || chosen.Length >= LongestList
        || chosen.Split(", ").Contains(repository, StringComparer.OrdinalIgnoreCase);
}
