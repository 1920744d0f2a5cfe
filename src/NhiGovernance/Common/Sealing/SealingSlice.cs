using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Data;

namespace NhiGovernance.Common.Sealing;

/// <summary>
/// Settings: <c>Keys:Folder</c> is the folder of the key-encryption keys; by default <c>keys</c> in the data folder
/// (<c>Data</c>, default <c>.data</c>).
/// </summary>
public sealed class SealingSlice : ISlice
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton<IKeyRing>(s => new FileKeyRing(
            Path.GetFullPath(configuration["Keys:Folder"] ?? Path.Combine(configuration["Data"] ?? ".data", "keys")),
            s.GetRequiredService<TimeProvider>(),
            token => SealedValues.AnyAsync(s.GetServices<ISealedStore>(), s.GetRequiredService<IDbContextFactory<GovernanceDb>>(), token)));
        services.AddSingleton<ISealer, AesGcmSealer>();
        services.AddSingleton<IFingerprinter, Fingerprinter>();
        services.AddSingleton<KeyCheck>();
        services.AddScoped<KeyRotation>();
        foreach (var store in typeof(SealingSlice).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && typeof(ISealedStore).IsAssignableFrom(t)))
        {
            services.AddSingleton(typeof(ISealedStore), store);
        }
    }
}
