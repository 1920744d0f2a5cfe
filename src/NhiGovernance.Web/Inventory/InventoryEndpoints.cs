using NhiGovernance.Common;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Web.Hosting;
using NhiGovernance.Web.Hosting.Api;
using NhiGovernance.Web.Inventory.Resources;

namespace NhiGovernance.Web.Inventory;

/// <summary>The inventory over HTTP: thin, the use cases decide.</summary>
internal sealed class InventoryEndpoints : IWebSlice
{
    public void AddServices(WebApplicationBuilder builder)
    {
    }

    public void Map(WebApplication app)
    {
        var api = app.MapGroup("/api/v1").WithTags("Inventory");
        IdentityEndpoints.Map(api);
        CredentialEndpoints.Map(api);
        ResourceEndpoints.Map(api);
    }
}

internal static class InventoryAnswers
{
    public static IEnumerable<KeyValuePair<string, string?>> Query(HttpContext http) =>
        http.Request.Query.SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)));

    public static Result<IdentityFilter> Filter(HttpContext http) => IdentityFilter.Parse(Query(http));

    /// <summary>What <see cref="Filter"/> reads, for the document.</summary>
    public static RouteHandlerBuilder TakesFilter(this RouteHandlerBuilder endpoint) => endpoint.TakesQuery(IdentityFilter.Keys);
}
