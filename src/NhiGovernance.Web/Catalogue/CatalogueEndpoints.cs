using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
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
    internal static async Task<Results<Created<CatalogueCreated>, Ok<TDetail>, ProblemHttpResult>> CreateAsync<TDetail>(
        HttpContext context, string path, string key, Result<Guid> created, Func<Task<Result<TDetail>>> read, Func<TDetail, bool> isSame)
    {
        if (created.IsOk)
        {
            return TypedResults.Created($"/api/v1/{path}/{Uri.EscapeDataString(key)}", new CatalogueCreated(created.Value, key));
        }

        if (created.Error is Error.Conflict)
        {
            var there = await read();
            if (there.IsOk && isSame(there.Value))
            {
                return TypedResults.Ok(there.Value);
            }
        }

        return created.Error.ToProblem(context);
    }
}

/// <summary>What was made.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">Its key, which stands in addresses.</param>
internal sealed record CatalogueCreated(Guid Id, string Key);

/// <summary>What every list takes in its address.</summary>
/// <param name="Q">Words to search for.</param>
internal readonly record struct ListParameters(string? Q, string? Cursor, int? Limit);
