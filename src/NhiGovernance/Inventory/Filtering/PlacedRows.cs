using NhiGovernance.Catalogue;
using NhiGovernance.Common.UseCases;
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
        where T : class, IPlaced => Placed(rows, products, ProductPlaces(db));

    public static IQueryable<T> Services<T>(GovernanceDb db, IQueryable<T> rows, Choice services)
        where T : class, IPlaced => Placed(rows, services, ServicePlaces(db));

    public static IQueryable<T> Environments<T>(GovernanceDb db, IQueryable<T> rows, Choice environments)
        where T : class, IPlaced => Placed(rows, environments, EnvironmentPlaces(db));

    /// <summary>The places that are the actor's and the filter's as the mapping has it, whether or not anything was ever seen in them.</summary>
    public static IQueryable<Place> Places(GovernanceDb db, Actor actor, IdentityFilter within) =>
        Places(db, actor, within.Teams, within.Products, within.Services, within.Environments);

    /// <inheritdoc cref="Places(GovernanceDb, Actor, IdentityFilter)"/>
    public static IQueryable<Place> Places(GovernanceDb db, Actor actor, Choice inTeams, Choice products, Choice services, Choice environments)
    {
        var places = db.Set<Place>().AsQueryable();
        if (!actor.SeesAll)
        {
            var teams = actor.Teams.ToArray();
            places = places.Where(p => p.TeamId != null && teams.Contains(p.TeamId.Value));
        }

        places = Chosen(places, inTeams, TeamPlaces(db));
        places = Chosen(places, products, ProductPlaces(db));
        places = Chosen(places, services, ServicePlaces(db));
        return Chosen(places, environments, EnvironmentPlaces(db));
    }

    private static Belonging TeamPlaces(GovernanceDb db) => new(
        keys =>
            from place in db.Set<Place>()
            join team in db.Set<Team>() on place.TeamId equals team.Id
            where keys.Contains(team.Key)
            select place.Id,
        db.Set<Place>().Where(p => p.TeamId != null).Select(p => p.Id));

    private static Belonging ProductPlaces(GovernanceDb db) => new(
        keys =>
            from place in db.Set<Place>()
            join service in db.Set<Service>() on place.ServiceId equals service.Id
            join product in db.Set<Product>() on service.ProductId equals product.Id
            where keys.Contains(product.Key)
            select place.Id,
        from place in db.Set<Place>()
        join service in db.Set<Service>() on place.ServiceId equals service.Id
        where service.ProductId != null
        select place.Id);

    private static Belonging ServicePlaces(GovernanceDb db) => new(
        keys =>
            from place in db.Set<Place>()
            join service in db.Set<Service>() on place.ServiceId equals service.Id
            where keys.Contains(service.Key)
            select place.Id,
        db.Set<Place>().Where(p => p.ServiceId != null).Select(p => p.Id));

    private static Belonging EnvironmentPlaces(GovernanceDb db) => new(
        keys =>
            from link in db.Set<PlaceEnvironment>()
            join environment in db.Set<ReleaseEnvironment>() on link.EnvironmentId equals environment.Id
            where keys.Contains(environment.Key)
            select link.PlaceId,
        db.Set<PlaceEnvironment>().Select(l => l.PlaceId));

    private static IQueryable<T> Placed<T>(IQueryable<T> rows, Choice choice, Belonging places)
        where T : class, IPlaced
    {
        var any = places.Any;
        if (choice.Only.Count > 0)
        {
            var some = places.Of(choice.Only);
            return choice.Only.Contains(Choice.None)
                ? rows.Where(i => some.Contains(i.PlaceId) || !any.Contains(i.PlaceId))
                : rows.Where(i => some.Contains(i.PlaceId));
        }

        if (choice.Not.Count > 0)
        {
            var some = places.Of(choice.Not);
            rows = rows.Where(i => !some.Contains(i.PlaceId));
            return choice.Not.Contains(Choice.None) ? rows.Where(i => any.Contains(i.PlaceId)) : rows;
        }

        return rows;
    }

    // The same of the places themselves: an interface's property on a row that is made in a query is not translated.
    private static IQueryable<Place> Chosen(IQueryable<Place> rows, Choice choice, Belonging places)
    {
        var any = places.Any;
        if (choice.Only.Count > 0)
        {
            var some = places.Of(choice.Only);
            return choice.Only.Contains(Choice.None)
                ? rows.Where(p => some.Contains(p.Id) || !any.Contains(p.Id))
                : rows.Where(p => some.Contains(p.Id));
        }

        if (choice.Not.Count > 0)
        {
            var some = places.Of(choice.Not);
            rows = rows.Where(p => !some.Contains(p.Id));
            return choice.Not.Contains(Choice.None) ? rows.Where(p => any.Contains(p.Id)) : rows;
        }

        return rows;
    }

    /// <param name="Of">Places of any of these keys.</param>
    /// <param name="Any">Places that have one at all.</param>
    private sealed record Belonging(Func<IReadOnlyList<string>, IQueryable<Guid>> Of, IQueryable<Guid> Any);
}
