using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace NhiGovernance.Web.Hosting.Api;

/// <summary>The document for programs and the same for eyes. Both tell no more than the source code does, and need no sign-in.</summary>
internal static class ApiPages
{
    public static void Map(WebApplication app)
    {
        var document = new Lazy<Task<OpenApiDocument>>(() => ReadAsync(app.Services, CancellationToken.None));
        var text = new Lazy<Task<byte[]>>(() => WriteAsync(document.Value));
        app.MapGet("/openapi/v1.json", async () => Results.Bytes(await text.Value, "application/json; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/api", (Delegate)(async (HttpContext http) => Page(http, await document.Value))).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>Made at the first request; what is mapped does not change after the start.</summary>
    private static async Task<byte[]> WriteAsync(Task<OpenApiDocument> made)
    {
        var document = await made;
        return Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None));
    }

    private static Task<OpenApiDocument> ReadAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredKeyedService<IOpenApiDocumentProvider>(ApiDocument.Name).GetOpenApiDocumentAsync(cancellationToken);

    private static RazorComponentResult Page(HttpContext http, OpenApiDocument document) =>
        new RazorComponentResult<ApiPage>(new { Document = document, Origin = $"{http.Request.Scheme}://{http.Request.Host}" });
}
