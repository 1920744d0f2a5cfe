namespace NhiGovernance.Web.Hosting.Api;

/// <summary>What holds for the HTTP API as a whole, whichever slice maps an endpoint.</summary>
internal sealed class ApiSlice : IWebSlice
{
    /// <summary>After Access, which says who asks.</summary>
    public int Order => -50;

    public void AddServices(WebApplicationBuilder builder)
    {
        BadInput.AddServices(builder.Services);
        builder.Services.AddOpenApi(ApiDocument.Name, ApiDocument.Configure);
    }

    public void Use(WebApplication app)
    {
        app.Use(BadInput.Apply);
        app.Use(IdempotencyKeys.Apply);
    }

    public void Map(WebApplication app) => ApiPages.Map(app);
}
