using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Common;

namespace NhiGovernance.Catalogue;

internal sealed class CatalogueSlice : ISlice
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IPlaceMapper, PlaceMapper>();
        services.AddSingleton<EndLeavers>();
    }
}
