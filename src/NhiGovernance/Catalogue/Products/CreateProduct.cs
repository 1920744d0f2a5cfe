using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Products;

/// <param name="Key">Names it in addresses and filters for good: lower-case letters, digits and hyphens.</param>
/// <param name="Name">As people read it.</param>
public sealed record CreateProductRequest(string Key, string Name);

/// <summary>Adds a product, to which services belong.</summary>
public sealed class CreateProduct(CommandDoor door) : Command<CreateProductRequest, Guid>(door)
{
    public override Permission Permission => Permission.ManageProducts;

    protected override async Task<Result<Guid>> ApplyAsync(CreateProductRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var fields = new CatalogueFields();
        var (key, name) = (fields.Key(request.Key), fields.Name(request.Name));
        if (fields.Error is { } invalid)
        {
            return invalid;
        }

        if (await context.Db.Set<Product>().AnyAsync(p => p.Key == key || p.Name == name, cancellationToken))
        {
            return new Error.Conflict("A product with this key or name is there already.");
        }

        var product = new Product { Id = context.NewId(), Key = key, Name = name };
        context.Db.Add(product);
        context.Audit("product.create", "product", product.Id, null, new { key, name }, key);
        context.Signal("catalogue", product.Id);
        return product.Id;
    }
}
