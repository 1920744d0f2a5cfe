using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Common;

namespace NhiGovernance.Sources.Connectors.Git;

internal sealed class GitSlice : ISlice
{
    public void AddServices(IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton(GitOptions.From(configuration));
}
