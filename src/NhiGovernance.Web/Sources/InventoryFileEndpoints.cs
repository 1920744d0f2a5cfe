using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using NhiGovernance.Common;
using NhiGovernance.Sources.Connectors.Inventories;
using NhiGovernance.Web.Hosting;
using NhiGovernance.Web.Hosting.Api;

namespace NhiGovernance.Web.Sources;

/// <summary>Documents of a source of inventory files, and the examples to download.</summary>
internal sealed class InventoryFileEndpoints : IWebSlice
{
    public void AddServices(WebApplicationBuilder builder)
    {
    }

    public void Map(WebApplication app)
    {
        var api = app.MapGroup("/api/v1/sources").WithTags("Sources");
        api.MapGet("/{id:guid}/documents", async (Guid id, GetInventoryDocuments get, HttpContext context, CancellationToken cancellationToken) =>
            (await get.RunAsync(new GetInventoryDocumentsRequest(id), cancellationToken)).ToHttp(context));

        // The body is the document itself; storing it again under its name replaces it.
        api.MapPut("/{id:guid}/documents/{name}", async (Guid id, string name, StoreInventoryDocument store, HttpContext context, CancellationToken cancellationToken) =>
        {
            // The server's own limit is smaller and answers without a word; the use case counts and says what is allowed.
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = null;
            }

            var request = new StoreInventoryDocumentRequest(id, name, context.Request.Body, context.Request.ContentLength);
            return Stored(context, id, await store.RunAsync(request, cancellationToken));
        }).TakesBytes("The document itself: CSV or JSON by the ending of its name; see Sources, Inventory files.", "text/csv", "application/json", "application/octet-stream")
            .WithSummary("Store inventory document")
            .WithDescription("Stores a document of a source of inventory files; one of its name is replaced. A run that reads it is queued: `runId`. The rows that it refuses stand at GET documents.");

        // Part of the product, no data of anybody: still only for those who are signed in, like every address here.
        app.MapGet("/help/inventory-files/{name}", (string name) =>
            FileConnectorExamples.Open(name) is { } stream
                ? Results.Stream(stream, FileConnectorExamples.All.First(e => e.Name == name).ContentType, name)
                : Results.NotFound());
    }

    /// <summary>201 for a name that was not there, 200 for one that was (RFC 9110, 9.3.4). The run that reads it is queued either way.</summary>
    private static Results<Created<DocumentStored>, Ok<DocumentStored>, ProblemHttpResult> Stored(HttpContext context, Guid id, Result<DocumentStored> result) => result switch
    {
        { IsOk: false } => result.Error.ToProblem(context),
        { Value.Replaced: true } => TypedResults.Ok(result.Value),
        _ => TypedResults.Created($"/api/v1/sources/{id}/documents", result.Value),
    };
}
