using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace NhiGovernance.Common.Idempotency;

internal sealed class IdempotencySlice : ISlice
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IdempotentRequests>();
        services.AddScoped<CurrentIdempotency>();
    }
}
