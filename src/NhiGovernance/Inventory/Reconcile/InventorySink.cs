using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Data;
using NhiGovernance.Sources;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>The inventory as the place where observations go.</summary>
internal sealed class InventorySink(IDbContextFactory<GovernanceDb> contexts, IDialect dialect, IPlaceMapper mapper, EndLeavers leavers, TimeProvider clock) : IObservationSink
{
    public async Task<IObservationWriter> OpenAsync(RunTicket run, CancellationToken cancellationToken) =>
        await InventoryWriter.OpenAsync(contexts, dialect, mapper, leavers, clock, run, cancellationToken);
}
