using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Data;

namespace NhiGovernance.Inventory.Lists;

/// <summary>What a place is, and what of the catalogue it belongs to.</summary>
internal sealed record PlaceName(
    Guid Id, string Kind, string Path, Guid? TeamId, CatalogueName? Service, CatalogueName? Product, IReadOnlyList<CatalogueName> Environments);

/// <summary>A service, product or environment, by its key in links and its name in words.</summary>
/// <param name="Key">Its key, as in addresses and filters.</param>
/// <param name="Name">Its name, as people read it.</param>
public sealed record CatalogueName(string Key, string Name);

/// <summary>The places of a page of rows, in two statements.</summary>
internal static class PlaceNames
{
    public static async Task<IReadOnlyDictionary<Guid, PlaceName>> ReadAsync(GovernanceDb db, IEnumerable<Guid> placeIds, CancellationToken cancellationToken)
    {
        var ids = placeIds.Distinct().ToArray();
        var places = await (
            from place in db.Set<Place>().AsNoTracking()
            where ids.Contains(place.Id)
            join s in db.Set<Service>() on place.ServiceId equals s.Id into services
            from service in services.DefaultIfEmpty()
            join p in db.Set<Product>() on service.ProductId equals p.Id into products
            from product in products.DefaultIfEmpty()
            select new
            {
                place.Id, place.Kind, place.Path, place.TeamId, ServiceKey = service.Key, ServiceName = service.Name, ProductKey = product.Key, ProductName = product.Name,
            }).ToListAsync(cancellationToken);
        var environments = (await (
            from link in db.Set<PlaceEnvironment>().AsNoTracking()
            where ids.Contains(link.PlaceId)
            join environment in db.Set<ReleaseEnvironment>() on link.EnvironmentId equals environment.Id
            orderby environment.Name
            select new { link.PlaceId, environment.Key, environment.Name }).ToListAsync(cancellationToken)).ToLookup(e => e.PlaceId, e => new CatalogueName(e.Key, e.Name));
        return places.ToDictionary(p => p.Id, p => new PlaceName(
            p.Id, p.Kind, p.Path, p.TeamId, p.ServiceKey is null ? null : new(p.ServiceKey, p.ServiceName), p.ProductKey is null ? null : new(p.ProductKey, p.ProductName),
            [.. environments[p.Id]]));
    }
}
