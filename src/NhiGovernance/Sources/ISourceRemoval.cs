using NhiGovernance.Data;

namespace NhiGovernance.Sources;

/// <summary>What a slice does when a source is removed. The inventory retires what the source saw, and keeps its history.</summary>
public interface ISourceRemoval
{
    /// <summary>Set-based, in the current transaction. Returns how many things it retired.</summary>
    Task<long> RetireAsync(GovernanceDb db, Guid sourceId, string reason, DateTimeOffset now, CancellationToken cancellationToken);
}
