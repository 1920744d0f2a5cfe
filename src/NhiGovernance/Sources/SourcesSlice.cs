using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Common;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Outbound;

namespace NhiGovernance.Sources;

internal sealed class SourcesSlice : ISlice
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(OutboundOptions.From(configuration));
        services.TryAddSingleton<IHostResolver, SystemResolver>();
        services.AddSingleton<IOutboundGuard, OutboundGuard>();
        services.AddSingleton<IGuardedHttp, GuardedHttp>();
        services.AddSingleton(provider => new ConnectorCatalogue(provider));
    }
}
