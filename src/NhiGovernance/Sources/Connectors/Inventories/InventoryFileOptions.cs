using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Common;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>Settings of the installation for inventory files.</summary>
public sealed record InventoryFileOptions
{
    /// <summary><c>Sources:FileRoots</c>: inventories may be read only below these folders. Empty: only uploaded ones.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary><c>Sources:FileMaxMegabytes</c>.</summary>
    public long MaxBytes { get; init; } = 512L * 1024 * 1024;

    public static InventoryFileOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Sources");
        var plain = new InventoryFileOptions();
        return new InventoryFileOptions
        {
            Roots = ConfiguredFolders.Read(section, "FileRoots"),
            MaxBytes = ConfiguredFolders.Number(section, "FileMaxMegabytes") is { } megabytes ? megabytes * 1024 * 1024 : plain.MaxBytes,
        };
    }
}

internal sealed class InventoryFileSlice : ISlice
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(InventoryFileOptions.From(configuration));
        services.AddScoped<StoreInventoryDocument>();
    }
}
