using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.Mapping;

/// <summary>Writes where places belong. Reconcile calls it for the places that it has just inserted, in the same transaction.</summary>
public interface IPlaceMapper
{
    /// <summary>Maps these places by the rules of this moment; those that already stand right are not touched.</summary>
    Task<MappingEffect> MapAsync(GovernanceDb db, IReadOnlyCollection<Guid> places, CancellationToken cancellationToken);

    /// <summary>Maps every place of these kinds anew (null: of all kinds). Rule changes must be saved before.</summary>
    Task<MappingEffect> MapAllAsync(GovernanceDb db, IReadOnlyCollection<string>? kinds, CancellationToken cancellationToken);
}

/// <param name="Places">How many places changed their service, team or environments.</param>
/// <param name="Moved">How many identities changed their team with them.</param>
public sealed record MappingEffect(int Places, int Moved);
