using NhiGovernance.Data;

namespace NhiGovernance.Sources;

/// <summary>What runs that ended, or were killed, left behind in another slice's working tables.</summary>
public interface IRunRemnants
{
    /// <summary>Removes what belongs to no running run. Set-based. Returns how many rows.</summary>
    Task<long> RemoveAsync(GovernanceDb db, CancellationToken cancellationToken);
}
