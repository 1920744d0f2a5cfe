using System.Text.Json.Serialization;
using NhiGovernance.Common;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Web.Catalogue;

/// <summary>The catalogue over HTTP: thin, the use cases decide.</summary>
internal sealed class CatalogueEndpoints : IWebSlice
{
    /// <summary>Enums are words in JSON, in both directions.</summary>
    public void AddServices(WebApplicationBuilder builder) =>
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));

    public void Map(WebApplication app)
    {
        var api = app.MapGroup("/api/v1").WithTags("Catalogue");
        TeamEndpoints.Map(api.MapGroup("/teams"));
        PeopleEndpoints.Map(api.MapGroup("/people"));
        ServiceEndpoints.Map(api.MapGroup("/services"));
        ProductEndpoints.Map(api.MapGroup("/products"));
        EnvironmentEndpoints.Map(api.MapGroup("/environments"));
    }

    /// <summary>
    /// A POST by key is idempotent: the same content again answers 200 with what is there; other content under the same key
    /// is a conflict.
    /// </summary>
    internal static async Task<IResult> CreateAsync<TDetail>(
        HttpContext context, string path, string key, Result<Guid> created, Func<Task<Result<TDetail>>> read, Func<TDetail, bool> isSame)
    {
        if (created.IsOk)
        {
            return Results.Created($"/api/v1/{path}/{Uri.EscapeDataString(key)}", new { id = created.Value, key });
        }

        if (created.Error is Error.Conflict)
        {
            var there = await read();
            if (there.IsOk && isSame(there.Value))
            {
                return Results.Json(there.Value);
            }
        }

        return created.Error.ToProblem(context);
    }
}

/// <summary>What every list takes in its address.</summary>
/// <param name="Q">Words to search for.</param>
internal readonly record struct ListParameters(string? Q, string? Cursor, int? Limit);
