using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.Services;

/// <param name="Team">Key of a team; "none" for services without one.</param>
/// <param name="Product">Key of a product; "none" for services without one.</param>
public sealed record ListServicesRequest(string? Search = null, string? Cursor = null, int Limit = 50, string? Team = null, string? Product = null)
    : CatalogueList(Search, Cursor, Limit);

/// <param name="Id">Id of the service.</param>
/// <param name="Key">Names it in addresses and filters.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Team">Who builds and runs it; null: nobody said.</param>
/// <param name="Product">What it is part of; null: nothing.</param>
/// <param name="Rules">How many mapping rules it has.</param>
/// <param name="Places">How many places that were seen belong to it.</param>
/// <param name="Identities">How many identities live in those places.</param>
public sealed record ServiceRow(
    Guid Id, string Key, string Name, CatalogueLink? Team, CatalogueLink? Product, int Rules, int Places, BoundedCount Identities);

/// <summary>The services in key order, with whose they are and what is in them.</summary>
public sealed class ListServices(QueryDoor door, IDialect dialect, IPlaceFollowers followers) : Query<ListServicesRequest, Page<ServiceRow>>(door)
{
    public override Permission Permission => Permission.ReadServices;

    protected override Task<Result<Page<ServiceRow>>> ReadAsync(
        ListServicesRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var services = db.Set<Service>().AsQueryable();
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            services = dialect.WhereContains(services, CatalogueSearch.Service, request.Search);
        }

        if (!string.IsNullOrEmpty(request.Team))
        {
            services = request.Team == "none"
                ? services.Where(s => s.TeamId == null)
                : services.Where(s => db.Set<Team>().Any(t => t.Id == s.TeamId && t.Key == request.Team));
        }

        if (!string.IsNullOrEmpty(request.Product))
        {
            services = request.Product == "none"
                ? services.Where(s => s.ProductId == null)
                : services.Where(s => db.Set<Product>().Any(p => p.Id == s.ProductId && p.Key == request.Product));
        }

        var identities = followers.Visible(context);
        var rows = services.OrderBy(s => s.Key).Select(s => new ServiceRow(
            s.Id, s.Key, s.Name,
            db.Set<Team>().Where(t => t.Id == s.TeamId).Select(t => new CatalogueLink(t.Key, t.Name)).FirstOrDefault(),
            db.Set<Product>().Where(p => p.Id == s.ProductId).Select(p => new CatalogueLink(p.Key, p.Name)).FirstOrDefault(),
            db.Set<MappingRule>().Count(r => r.ServiceId == s.Id),
            db.Set<Place>().Count(p => p.ServiceId == s.Id),
            new BoundedCount(identities.Where(i => db.Set<Place>().Any(p => p.Id == i.PlaceId && p.ServiceId == s.Id))
                .Take(BoundedCount.Limit + 1).Count())));
        return CatalogueLists.PageAsync(rows, request, cancellationToken);
    }
}
