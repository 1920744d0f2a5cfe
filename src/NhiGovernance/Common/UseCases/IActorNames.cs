using NhiGovernance.Data;

namespace NhiGovernance.Common.UseCases;

/// <summary>Readable names for the ids that the audit log keeps. Access implements it. Only for actors who may read people.</summary>
public interface IActorNames
{
    /// <summary>The names of those account and token ids that are known.</summary>
    Task<IReadOnlyDictionary<Guid, string>> ReadAsync(GovernanceDb db, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);
}
