using NhiGovernance.Sources.Contract;
using NhiGovernance.Web.Hosting.Database;
using NhiGovernance.Web.Hosting.Postgres;
using NhiGovernance.Web.Shell;

namespace NhiGovernance.Web.Hosting;

/// <summary>The order in which requests pass: errors, assets, the slices' middleware (who asks, may they), endpoints.</summary>
internal static class Pipeline
{
    public static WebApplication Build(WebApplicationBuilder builder, DatabaseConnection database, Action<WebApplicationBuilder>? configure)
    {
        var slices = Composition.FindWebSlices();
        AddServices(builder, database, slices);
        configure?.Invoke(builder);
        var app = builder.Build();
        Use(app, slices);
        Map(app, slices);
        return app;
    }

    /// <summary>The same services with nothing that answers requests: for a verb.</summary>
    public static WebApplication BuildWithoutRequests(WebApplicationBuilder builder, DatabaseConnection database)
    {
        AddServices(builder, database, Composition.FindWebSlices());
        return builder.Build();
    }

    private static void AddServices(WebApplicationBuilder builder, DatabaseConnection database, IReadOnlyList<IWebSlice> slices)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.AddEngine(builder.Configuration, database);
        builder.Services.AddSingleton<IOwnCredentials, DatabasePasswords>();
        builder.Services.AddProblems();
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter()));
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddAuthorization();
        foreach (var slice in slices)
        {
            slice.AddServices(builder);
        }
    }

    private static void Use(WebApplication app, IReadOnlyList<IWebSlice> slices)
    {
        app.UseProblems();
        app.UseRouting();
        foreach (var slice in slices)
        {
            slice.Use(app);
        }

        app.UseAuthorization();
        app.UseAntiforgery();
    }

    private static void Map(WebApplication app, IReadOnlyList<IWebSlice> slices)
    {
        app.MapHealth();
        if (!app.Configuration.HostRoles().HasFlag(HostRoles.Web))
        {
            return;
        }

        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(server =>
        {
            // Pages mix people's data with what attackers can write; compressed together, lengths would tell (BREACH).
            server.DisableWebSocketCompression = true;
            server.ContentSecurityFrameAncestorsPolicy = "'none'";
        });
        foreach (var slice in slices)
        {
            slice.Map(app);
        }
    }
}
