using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Audit;

public sealed class AuditSlice : ISlice
{
    public void AddServices(IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton<IAuditTrail, AuditTrail>();
}
