using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Services;

/// <param name="Id">Id of the service.</param>
/// <param name="Key">Names it in addresses and filters.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Team">Who builds and runs it; null: nobody said.</param>
/// <param name="Product">What it is part of; null: nothing.</param>
/// <param name="Rules">Which places belong to it.</param>
/// <param name="Places">How many places that were seen belong to it.</param>
/// <param name="Identities">How many identities live in those places.</param>
/// <param name="Version">Counts its changes; send it back with a change.</param>
public sealed record ServiceDetail(
    Guid Id, string Key, string Name, CatalogueLink? Team, CatalogueLink? Product, IReadOnlyList<RuleInput> Rules,
    int Places, BoundedCount Identities, long Version);

/// <summary>One service with its team, its product and its mapping rules.</summary>
public sealed class GetService(QueryDoor door, IPlaceFollowers followers) : Query<string, ServiceDetail>(door)
{
    public override Permission Permission => Permission.ReadServices;

    protected override async Task<Result<ServiceDetail>> ReadAsync(string request, QueryContext context, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var identities = followers.Visible(context);
        var service = await db.Set<Service>().Where(s => s.Key == request).Select(s => new ServiceDetail(
            s.Id, s.Key, s.Name,
            db.Set<Team>().Where(t => t.Id == s.TeamId).Select(t => new CatalogueLink(t.Key, t.Name)).FirstOrDefault(),
            db.Set<Product>().Where(p => p.Id == s.ProductId).Select(p => new CatalogueLink(p.Key, p.Name)).FirstOrDefault(),
            db.Set<MappingRule>().Where(r => r.ServiceId == s.Id).OrderBy(r => r.PlaceKind).ThenBy(r => r.Pattern)
                .Select(r => new RuleInput(r.PlaceKind, r.Pattern)).ToList(),
            db.Set<Place>().Count(p => p.ServiceId == s.Id),
            new BoundedCount(identities.Where(i => db.Set<Place>().Any(p => p.Id == i.PlaceId && p.ServiceId == s.Id))
                .Take(BoundedCount.Limit + 1).Count()),
            s.Version)).FirstOrDefaultAsync(cancellationToken);
        return service is null ? new Error.NotFound($"Service {request}") : service;
    }
}
