using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.Products;

/// <param name="Id">Id of the product.</param>
/// <param name="Key">Names it in addresses and filters.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Services">How many services it has.</param>
public sealed record ProductRow(Guid Id, string Key, string Name, int Services);

/// <summary>The products in key order, with what is in them.</summary>
public sealed class ListProducts(QueryDoor door, IDialect dialect) : Query<CatalogueList, Page<ProductRow>>(door)
{
    public override Permission Permission => Permission.ReadProducts;

    protected override Task<Result<Page<ProductRow>>> ReadAsync(CatalogueList request, QueryContext context, CancellationToken cancellationToken)
    {
        var products = context.Db.Set<Product>().AsQueryable();
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            products = dialect.WhereContains(products, CatalogueSearch.Product, request.Search);
        }

        var services = context.Db.Set<Service>();
        return CatalogueLists.PageAsync(
            products.OrderBy(p => p.Key).Select(p => new ProductRow(p.Id, p.Key, p.Name, services.Count(s => s.ProductId == p.Id))),
            request, cancellationToken);
    }
}
