using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Common;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Inventory.Reconcile;
using NhiGovernance.Sources;

namespace NhiGovernance.Inventory;

internal sealed class InventorySlice : ISlice
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IObservationSink, InventorySink>();
        services.AddSingleton<ISourceRemoval, RetireRemovedSource>();
        services.AddSingleton<IRunRemnants, LeftSightings>();
        services.AddSingleton<CountMemory>();
        services.AddSingleton<IHearChanges>(p => p.GetRequiredService<CountMemory>());
        services.AddSingleton<IPlaceFollowers, PlaceFollowers>();
    }
}
