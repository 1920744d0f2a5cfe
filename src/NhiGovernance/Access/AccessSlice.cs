using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access;

public sealed class AccessSlice : ISlice
{
    public void AddServices(IServiceCollection services, IConfiguration configuration) => services.AddSingleton<IActors, Actors>();
}
