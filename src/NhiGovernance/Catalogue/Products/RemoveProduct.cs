using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Products;

/// <summary>Removes a product that has no services.</summary>
public sealed class RemoveProduct(CommandDoor door) : Command<string, Done>(door)
{
    public override Permission Permission => Permission.ManageProducts;

    protected override async Task<Result<Done>> ApplyAsync(string request, CommandContext context, CancellationToken cancellationToken)
    {
        var product = await context.Db.Set<Product>().FirstOrDefaultAsync(p => p.Key == request, cancellationToken);
        if (product is null)
        {
            return new Error.NotFound($"Product {request}");
        }

        var services = await context.Db.Set<Service>().CountAsync(s => s.ProductId == product.Id, cancellationToken);
        if (services > 0)
        {
            return new Error.Conflict($"{product.Name} still has {services} {(services == 1 ? "service" : "services")}. Give them to another product first.");
        }

        context.Db.Remove(product);
        context.Audit("product.remove", "product", product.Id, new { product.Key, product.Name }, null, product.Key);
        context.Signal("catalogue", product.Id);
        return Done.Value;
    }
}
