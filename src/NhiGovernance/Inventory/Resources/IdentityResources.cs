using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Resources;

/// <summary>A resource that an identity, or one of its credentials, has to do with.</summary>
/// <param name="Row">The resource, as in a list.</param>
/// <param name="Relation">What it is to the identity: "the workflow that it is part of".</param>
/// <param name="CredentialId">The credential that it reads; null when it is the identity itself.</param>
public sealed record UsedResource(ResourceRow Row, string Relation, Guid? CredentialId);

/// <param name="Used">The workflow that an identity is a job of; the workflows that read its secrets.</param>
/// <param name="UsedCount">How many those are; the first 200 are listed.</param>
/// <param name="UsedIsCut">True when there were too many workflows, or secrets, to look at all of them: then there are at least so many.</param>
/// <param name="Here">Resources of its place, the risky ones first; at most ten.</param>
/// <param name="HereCount">How many resources its place has, the retired left out.</param>
/// <param name="PlacePath">The path of its place.</param>
public sealed record IdentityResourcesResult(IReadOnlyList<UsedResource> Used, int UsedCount, bool UsedIsCut, IReadOnlyList<ResourceRow> Here, BoundedCount HereCount, string PlacePath);

public sealed record IdentityResourcesRequest(Guid IdentityId);

/// <summary>What an identity uses and what lies beside it. A token needs <c>identities:read</c> and <c>resources:read</c>: it tells of both.</summary>
public sealed class IdentityResources(QueryDoor door) : Query<IdentityResourcesRequest, IdentityResourcesResult>(door)
{
    private const int MostHere = 10;
    private const int MostUsed = 200;

    public override Permission Permission => Permission.ReadResources;

    protected override async Task<Result<IdentityResourcesResult>> ReadAsync(
        IdentityResourcesRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        if (context.Actor.Refuses(Permission.ReadIdentities, context.Now) is { } refusal)
        {
            return refusal;
        }

        var db = context.Db;
        var identity = await IdentityRows.Visible(db, context.Actor).SingleOrDefaultAsync(i => i.Id == request.IdentityId, cancellationToken);
        if (identity is null)
        {
            return new Error.NotFound("This identity");
        }

        var path = await db.Set<Catalogue.Place>().Where(p => p.Id == identity.PlaceId).Select(p => p.Path).SingleAsync(cancellationToken);
        var (used, isCut) = await UsedAsync(context, identity, path, cancellationToken);
        var shown = used.Take(MostUsed).ToArray();
        var ids = shown.Select(u => u.Id).Distinct().ToArray();
        var rows = (await ResourceRowReader.ReadAsync(
            db, await ResourceRows.Visible(db, context.Actor).Where(r => ids.Contains(r.Id)).ToListAsync(cancellationToken), cancellationToken)).ToDictionary(r => r.Id);
        var here = ResourceRows.Visible(db, context.Actor).Where(r => r.PlaceId == identity.PlaceId && r.Presence != Presence.Retired);
        var count = await Counting.BoundedAsync(here, cancellationToken);
        var first = await here.OrderBy(r => r.Risks == 0).ThenBy(r => r.Kind).ThenBy(r => r.SortName).ThenBy(r => r.Id).Take(MostHere).ToListAsync(cancellationToken);
        return new IdentityResourcesResult(
            [.. shown.Where(u => rows.ContainsKey(u.Id)).Select(u => new UsedResource(rows[u.Id], u.Relation, u.Credential))], used.Count, isCut,
            await ResourceRowReader.ReadAsync(db, first, cancellationToken), count, path);
    }

    private static async Task<(IReadOnlyList<Use> Used, bool IsCut)> UsedAsync(
        QueryContext context, Identity identity, string path, CancellationToken cancellationToken)
    {
        if (identity.Kind is IdentityKind.WorkflowJob or IdentityKind.FederatedTrust && ReleaseRisks.Text(InventoryJson.ReadFacts(identity.Facts), "workflow") is { } file)
        {
            return await ResourceLinks.WorkflowsAsync(
                context, path, w => ReleaseRisks.Text(w.Facts, "path") == file ? new Use(w.Id, "the workflow that it is part of", null) : null, cancellationToken);
        }

        if (identity.Kind != IdentityKind.Pipeline)
        {
            return ([], false);
        }

        var named = await context.Db.Set<Credential>().AsNoTracking()
            .Where(c => c.IdentityId == identity.Id && c.Kind == CredentialKind.CiSecret && c.Presence != Presence.Retired)
            .OrderBy(c => c.Name).ThenBy(c => c.Id).Take(Looking.Most + 1).Select(c => new { c.Id, c.Name }).ToListAsync(cancellationToken);
        var secrets = named.Take(Looking.Most).ToLookup(c => c.Name, c => c.Id, StringComparer.OrdinalIgnoreCase);
        if (secrets.Count == 0)
        {
            return ([], false);
        }

        var (workflows, isCut) = await ResourceLinks.WorkflowsAsync(
            context, path,
            w => FactList.Read(w.Facts.GetValueOrDefault("secrets")).Texts("name").Distinct(StringComparer.OrdinalIgnoreCase)
                .SelectMany(name => secrets[name].Select(secret => new Use(w.Id, $"reads {name}", secret))).ToArray() is { Length: > 0 } uses ? uses : null,
            cancellationToken);
        return ([.. workflows.SelectMany(w => w)], isCut || named.Count > Looking.Most);
    }

    private sealed record Use(Guid Id, string Relation, Guid? Credential);
}
