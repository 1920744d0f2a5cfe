using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Data;

namespace NhiGovernance.Inventory.Lists;

internal static class PlaceReader
{
    public static async Task<PlaceDetail> ReadAsync(GovernanceDb db, Guid placeId, CancellationToken cancellationToken)
    {
        var place = await db.Set<Place>().AsNoTracking().SingleAsync(p => p.Id == placeId, cancellationToken);
        var service = await db.Set<Service>().AsNoTracking().Where(s => s.Id == place.ServiceId)
            .Select(s => new { s.Key, s.Name, s.ProductId }).SingleOrDefaultAsync(cancellationToken);
        var product = service?.ProductId is { } productId
            ? await db.Set<Product>().AsNoTracking().Where(p => p.Id == productId).Select(p => new { p.Key, p.Name }).SingleOrDefaultAsync(cancellationToken)
            : null;
        var environments = await (
            from link in db.Set<PlaceEnvironment>()
            join environment in db.Set<ReleaseEnvironment>() on link.EnvironmentId equals environment.Id
            where link.PlaceId == placeId
            orderby environment.Name
            select new EnvironmentRef(environment.Key, environment.Name)).ToListAsync(cancellationToken);
        return new PlaceDetail(place.Kind, place.Path, service?.Key, service?.Name, product?.Key, product?.Name, environments);
    }
}
