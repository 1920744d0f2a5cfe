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
/// <param name="Relation">What it is to the resource: "job of this workflow", "secret that it reads".</param>
public sealed record ResourceLink(string Kind, Guid Id, Guid? IdentityId, string Name, string Relation, string Under);

/// <summary>Finds what a resource names, among what the actor may see.</summary>
internal static class ResourceLinks
{
    private const int Most = 200;

    public static async Task<IReadOnlyList<ResourceLink>> ReadAsync(
        QueryContext context, Resource resource, IReadOnlyDictionary<string, KnownValue> facts, PlaceDetail place, CancellationToken cancellationToken)
    {
        switch (resource.Kind)
        {
            case ResourceKind.WorkflowFile:
                return
                [
                    .. await JobsAsync(context, resource, facts, cancellationToken),
                    .. await SecretsAsync(context, place.Path, FactList.Read(facts.GetValueOrDefault("secrets")).Texts("name"), cancellationToken),
                ];
            case ResourceKind.Environment when Split(place.Path) is var (repository, name):
                return
                [
                    .. await DeployersAsync(context, repository, name, cancellationToken),
                    .. (await CiSecretsAsync(context, repository, null, cancellationToken))
                        .Where(s => ReleaseRisks.Is(s.Facts, "environment", name)).Select(s => s.Link("secret of this environment")),
                ];
            case ResourceKind.Repository:
                return [.. (await CiSecretsAsync(context, place.Path, null, cancellationToken)).Select(s => s.Link("secret that its workflows may read"))];
            case ResourceKind.BranchProtection:
                return await AppsAsync(context, resource, facts, cancellationToken);
            default:
                return [];
        }
    }

    /// <summary>"acme/shop" and "production" of "acme/shop/production".</summary>
    public static (string Repository, string Name)? Split(string path) =>
        path.Split('/', 3) is [{ Length: > 0 } owner, { Length: > 0 } name, { Length: > 0 } rest] ? ($"{owner}/{name}", rest) : null;

    private static async Task<IEnumerable<ResourceLink>> JobsAsync(
        QueryContext context, Resource resource, IReadOnlyDictionary<string, KnownValue> facts, CancellationToken cancellationToken)
    {
        var rows = await IdentityRows.Visible(context.Db, context.Actor)
            .Where(i => i.PlaceId == resource.PlaceId && i.SourceId == resource.SourceId && i.Presence != Presence.Retired
                && (i.Kind == IdentityKind.WorkflowJob || i.Kind == IdentityKind.FederatedTrust))
            .OrderBy(i => i.SortName).ThenBy(i => i.Id).Take(1_000).Select(i => new { i.Id, i.Name, i.Kind, i.Facts }).ToListAsync(cancellationToken);
        return rows.Where(r => ReleaseRisks.Text(InventoryJson.ReadFacts(r.Facts), "workflow") is { } path && path == ReleaseRisks.Text(facts, "path")).Take(Most)
            .Select(r => new ResourceLink("identity", r.Id, null, r.Name, r.Kind == IdentityKind.WorkflowJob ? "job of this workflow that can alter a release" : "trust that it uses", string.Empty));
    }

    private static async Task<IEnumerable<ResourceLink>> SecretsAsync(
        QueryContext context, string repository, IEnumerable<string> read, CancellationToken cancellationToken)
    {
        var names = read.Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        if (names.Length == 0)
        {
            return [];
        }

        // "*": all of them, or one that is computed.
        var all = names.Contains("*");
        var found = await CiSecretsAsync(context, repository, all ? null : names, cancellationToken);
        return found.Select(s => s.Link(all && !names.Contains(s.Name, StringComparer.OrdinalIgnoreCase) ? "secret that it may read: it reads all, or computes the name" : "secret that it reads"));
    }

    /// <summary>The secrets that workflows of a repository may read: its own, its environments' and its owner's that are for it.</summary>
    internal static async Task<IReadOnlyList<CiSecret>> CiSecretsAsync(QueryContext context, string repository, string[]? names, CancellationToken cancellationToken)
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

        var rows = await (
            from secret in secrets
            join holder in holders on secret.IdentityId equals holder.Id
            orderby secret.Name, secret.Id
            select new { secret.Id, secret.IdentityId, secret.Name, secret.Facts, Holder = holder.Name }).Take(Most).ToListAsync(cancellationToken);
        return [.. rows.Select(r => new CiSecret(r.Id, r.IdentityId, r.Name, r.Holder, InventoryJson.ReadFacts(r.Facts))).Where(s => s.IsFor(repository))];
    }

    private static async Task<IEnumerable<ResourceLink>> DeployersAsync(QueryContext context, string repository, string environment, CancellationToken cancellationToken)
    {
        var workflows = await WorkflowsAsync(context, repository, cancellationToken);
        return workflows.Rows.Where(w => FactList.Read(w.Facts.GetValueOrDefault("environments")).Texts("name").Contains(environment, StringComparer.OrdinalIgnoreCase))
            .Select(w => new ResourceLink("resource", w.Id, null, w.Name, "workflow that deploys to it", repository));
    }

    /// <summary>The workflows of a repository, or of all repositories of an organisation; the first 500.</summary>
    internal static async Task<(IReadOnlyList<WorkflowFacts> Rows, bool IsCut)> WorkflowsAsync(QueryContext context, string path, CancellationToken cancellationToken)
    {
        var within = path + "/";
        var places = context.Db.Set<Place>().Where(p => p.Path == path || (p.Kind == "repository" && p.Path.StartsWith(within))).Select(p => p.Id);
        var rows = await ResourceRows.Visible(context.Db, context.Actor)
            .Where(r => r.Kind == ResourceKind.WorkflowFile && r.Presence != Presence.Retired && places.Contains(r.PlaceId))
            .OrderBy(r => r.SortName).ThenBy(r => r.Id).Take(501).Select(r => new { r.Id, r.Name, r.Facts }).ToListAsync(cancellationToken);
        return ([.. rows.Take(500).Select(r => new WorkflowFacts(r.Id, r.Name, InventoryJson.ReadFacts(r.Facts)))], rows.Count > 500);
    }

    private static async Task<IReadOnlyList<ResourceLink>> AppsAsync(
        QueryContext context, Resource resource, IReadOnlyDictionary<string, KnownValue> facts, CancellationToken cancellationToken)
    {
        var named = new[] { "mayBypassReview", "mayPush" }
            .SelectMany(f => (ReleaseRisks.Text(facts, f) ?? string.Empty).Split(", ").Where(w => w.StartsWith("app:", StringComparison.Ordinal)).Select(w => (Fact: f, Slug: w[4..])))
            .ToList();
        var slugs = named.Select(n => n.Slug.ToLowerInvariant()).Distinct(StringComparer.Ordinal).ToArray();
        if (slugs.Length == 0)
        {
            return [];
        }

        var apps = await IdentityRows.Visible(context.Db, context.Actor)
            .Where(i => i.SourceId == resource.SourceId && i.Kind == IdentityKind.AppInstallation && i.Presence != Presence.Retired && slugs.Contains(i.SortName))
            .Select(i => new { i.Id, i.Name, i.SortName }).ToListAsync(cancellationToken);
        return [.. named.SelectMany(n => apps.Where(a => string.Equals(a.SortName, n.Slug, StringComparison.OrdinalIgnoreCase))
            .Select(a => new ResourceLink("identity", a.Id, null, a.Name, n.Fact == "mayPush" ? "app that may push" : "app that may bypass the review", string.Empty)))];
    }
}

internal sealed record WorkflowFacts(Guid Id, string Name, IReadOnlyDictionary<string, KnownValue> Facts);

internal sealed record CiSecret(Guid Id, Guid IdentityId, string Name, string Holder, IReadOnlyDictionary<string, KnownValue> Facts)
{
    public ResourceLink Link(string relation) => new("credential", Id, IdentityId, Name, relation, Holder);

    /// <summary>An organisation's secret for chosen repositories is for no other; where the choice is not known, it may be.</summary>
    public bool IsFor(string repository) =>
        !ReleaseRisks.Is(Facts, "visibility", "selected") || ReleaseRisks.Text(Facts, "repositories") is not { } chosen
        || chosen.Split(", ").Contains(repository, StringComparer.OrdinalIgnoreCase);
}
