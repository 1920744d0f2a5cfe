using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Products;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Web.Catalogue;

internal static class ProductEndpoints
{
    /// <param name="Name">As people read it.</param>
    /// <param name="Version">The version that was read: another's change since then is a conflict. Null: change it whatever it is now.</param>
    private sealed record ProductBody(string Name, long? Version);

    public static void Map(RouteGroupBuilder products)
    {
        products.MapGet("", async ([AsParameters] ListParameters list, ListProducts useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new CatalogueList(list.Q, list.Cursor, list.Limit ?? 50), token)).ToHttp(http));

        products.MapGet("/{key}", async (string key, GetProduct useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(key, token)).ToHttp(http));

        products.MapPost("", async (CreateProductRequest body, CreateProduct create, GetProduct get, HttpContext http, CancellationToken token) =>
            await CatalogueEndpoints.CreateAsync(
                http, "products", body.Key, await create.RunAsync(body, token), () => get.RunAsync(body.Key, token),
                product => product.Name == body.Name?.Trim()));

        products.MapPut("/{key}", async (string key, ProductBody body, UpdateProduct useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(new UpdateProductRequest(key, body.Name, body.Version), token)).ToNoContent(http));

        products.MapDelete("/{key}", async (string key, RemoveProduct useCase, HttpContext http, CancellationToken token) =>
            (await useCase.RunAsync(key, token)).ToNoContent(http));
    }
}
