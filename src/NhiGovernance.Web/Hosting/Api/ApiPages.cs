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
        var text = new Lazy<Task<byte[]>>(() => WriteAsync(app.Services));
        app.MapGet("/openapi/v1.json", async () => Results.Bytes(await text.Value, "application/json; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/api", (Delegate)PageAsync).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>Made at the first request; what is mapped does not change after the start.</summary>
    private static async Task<byte[]> WriteAsync(IServiceProvider services)
    {
        var document = await ReadAsync(services, CancellationToken.None);
        return Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None));
    }

    private static Task<OpenApiDocument> ReadAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredKeyedService<IOpenApiDocumentProvider>(ApiDocument.Name).GetOpenApiDocumentAsync(cancellationToken);

    private static async Task<RazorComponentResult> PageAsync(HttpContext http) =>
        new RazorComponentResult<ApiPage>(new { Document = await ReadAsync(http.RequestServices, http.RequestAborted), Origin = $"{http.Request.Scheme}://{http.Request.Host}" });
}
