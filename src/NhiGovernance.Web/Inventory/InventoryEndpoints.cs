using System.Text.Json;
using System.Text.Json.Serialization;
using NhiGovernance.Common;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Web.Hosting;

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
        CredentialEndpoints.Map(api.MapGroup("/credentials"));
    }
}

internal static class InventoryAnswers
{
    /// <summary>Kinds and states as words.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static Result<IdentityFilter> Filter(HttpContext http) =>
        IdentityFilter.Parse(http.Request.Query.SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v))));

    public static IResult Answer<T>(this Result<T> result, HttpContext http) => result.ToHttp(http, value => Results.Json(value, Json));

    /// <summary>A page as every list answers: items, the cursor of the next page, and how many there are.</summary>
    public static IResult Answer<T>(this Result<Page<T>> result, HttpContext http) => result.ToHttp(http, page => Results.Json(
        new { items = page.Items, next = page.Next, count = Math.Min(page.Count.Value, BoundedCount.Limit), more = page.Count.IsMore }, Json));
}
