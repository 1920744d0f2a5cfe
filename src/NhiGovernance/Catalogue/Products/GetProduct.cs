using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Products;

/// <param name="Id">Id of the product.</param>
/// <param name="Key">Names it in addresses and filters.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Services">The services that it has.</param>
/// <param name="Version">Counts its changes; send it back with a change.</param>
public sealed record ProductDetail(Guid Id, string Key, string Name, IReadOnlyList<CatalogueLink> Services, long Version);

/// <summary>One product with its services.</summary>
public sealed class GetProduct(QueryDoor door) : Query<string, ProductDetail>(door)
{
    public override Permission Permission => Permission.ReadProducts;

    protected override async Task<Result<ProductDetail>> ReadAsync(string request, QueryContext context, CancellationToken cancellationToken)
    {
        var services = context.Db.Set<Service>();
        var product = await context.Db.Set<Product>().Where(p => p.Key == request).Select(p => new ProductDetail(
            p.Id, p.Key, p.Name,
            services.Where(s => s.ProductId == p.Id).OrderBy(s => s.Key).Select(s => new CatalogueLink(s.Key, s.Name)).ToList(),
            p.Version)).FirstOrDefaultAsync(cancellationToken);
        return product is null ? new Error.NotFound($"Product {request}") : product;
    }
}
