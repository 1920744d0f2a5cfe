using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Common;

namespace NhiGovernance.Jobs;

internal sealed class JobsSlice : ISlice
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(JobCatalogue.Scan);
        services.AddSingleton(new JobOptions());
        services.AddSingleton<JobRunner>();
        services.AddSingleton<SourceTick>();
    }
}
