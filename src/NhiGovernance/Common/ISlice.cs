using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace NhiGovernance.Common;

/// <summary>
/// A slice registers itself: the host finds every implementation by scanning, so that no list has to be edited. Use cases,
/// connectors and jobs are found by their own scans and need not be registered here.
/// </summary>
public interface ISlice
{
    void AddServices(IServiceCollection services, IConfiguration configuration);
}
