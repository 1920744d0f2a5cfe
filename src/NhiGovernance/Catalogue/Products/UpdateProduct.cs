using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Products;

/// <param name="Version">The version that was read; null to change it whatever it is now.</param>
public sealed record UpdateProductRequest(string Key, string Name, long? Version = null);

/// <summary>Renames a product. The key stays.</summary>
public sealed class UpdateProduct(CommandDoor door) : Command<UpdateProductRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageProducts;

    protected override async Task<Result<Done>> ApplyAsync(UpdateProductRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var fields = new CatalogueFields();
        var name = fields.Name(request.Name);
        if (fields.Error is { } invalid)
        {
            return invalid;
        }

        var product = await context.Db.Set<Product>().FirstOrDefaultAsync(p => p.Key == request.Key, cancellationToken);
        if (product is null)
        {
            return new Error.NotFound($"Product {request.Key}");
        }

        if (request.Version is { } read && read != product.Version)
        {
            return CatalogueErrors.Stale;
        }

        var before = new { product.Key, product.Name };
        product.Name = name;
        context.Audit("product.update", "product", product.Id, before, new { product.Key, product.Name }, product.Key);
        context.Signal("catalogue", product.Id);
        return Done.Value;
    }
}
