using NhiGovernance.Catalogue;
using NhiGovernance.Data;

namespace NhiGovernance.Inventory.Filtering;

/// <summary>What lives in a place, and by it belongs to a service, a product and environments.</summary>
internal interface IPlaced
{
    Guid PlaceId { get; }
}

/// <summary>The choices that go through places, the same for every list of what lives in them.</summary>
internal static class PlacedRows
{
    public static IQueryable<T> Products<T>(GovernanceDb db, IQueryable<T> rows, Choice products)
        where T : class, IPlaced
    {
        IQueryable<Guid> Of(IReadOnlyList<string> keys) =>
            from place in db.Set<Place>()
            join service in db.Set<Service>() on place.ServiceId equals service.Id
            join product in db.Set<Product>() on service.ProductId equals product.Id
            where keys.Contains(product.Key)
            select place.Id;
        IQueryable<Guid> any =
            from place in db.Set<Place>()
            join service in db.Set<Service>() on place.ServiceId equals service.Id
            where service.ProductId != null
            select place.Id;
        return Places(rows, products, Of, any);
    }

    public static IQueryable<T> Services<T>(GovernanceDb db, IQueryable<T> rows, Choice services)
        where T : class, IPlaced
    {
        IQueryable<Guid> Of(IReadOnlyList<string> keys) =>
            from place in db.Set<Place>()
            join service in db.Set<Service>() on place.ServiceId equals service.Id
            where keys.Contains(service.Key)
            select place.Id;
        return Places(rows, services, Of, db.Set<Place>().Where(p => p.ServiceId != null).Select(p => p.Id));
    }

    public static IQueryable<T> Environments<T>(GovernanceDb db, IQueryable<T> rows, Choice environments)
        where T : class, IPlaced
    {
        IQueryable<Guid> Of(IReadOnlyList<string> keys) =>
            from link in db.Set<PlaceEnvironment>()
            join environment in db.Set<ReleaseEnvironment>() on link.EnvironmentId equals environment.Id
            where keys.Contains(environment.Key)
            select link.PlaceId;
        return Places(rows, environments, Of, db.Set<PlaceEnvironment>().Select(l => l.PlaceId));
    }

    private static IQueryable<T> Places<T>(
        IQueryable<T> rows, Choice choice, Func<IReadOnlyList<string>, IQueryable<Guid>> of, IQueryable<Guid> any)
        where T : class, IPlaced
    {
        if (choice.Only.Count > 0)
        {
            var some = of(choice.Only);
            return choice.Only.Contains(Choice.None)
                ? rows.Where(i => some.Contains(i.PlaceId) || !any.Contains(i.PlaceId))
                : rows.Where(i => some.Contains(i.PlaceId));
        }

        if (choice.Not.Count > 0)
        {
            var some = of(choice.Not);
            rows = rows.Where(i => !some.Contains(i.PlaceId));
            return choice.Not.Contains(Choice.None) ? rows.Where(i => any.Contains(i.PlaceId)) : rows;
        }

        return rows;
    }
}
