using NhiGovernance.Web.Hosting;
using NhiGovernance.Web.Shell.Frame;
using NhiGovernance.Web.Shell.Live;

namespace NhiGovernance.Web.Shell;

/// <summary>What the frame needs: the viewer's time, the page's toasts, the palette's sources, the change feed.</summary>
internal sealed class ShellSlice : IWebSlice
{
    public void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<ViewerTime>();
        builder.Services.AddScoped<ShellState>();
        builder.Services.AddScoped<Page>();
        builder.Services.AddSingleton<ChangeFeed>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ChangeFeed>());
        foreach (var source in typeof(ShellSlice).Assembly.GetTypes().Where(t => t is { IsAbstract: false, IsClass: true } && t.IsAssignableTo(typeof(IPaletteSource))))
        {
            builder.Services.AddScoped(typeof(IPaletteSource), source);
        }
    }

    public void Map(WebApplication app)
    {
    }
}
