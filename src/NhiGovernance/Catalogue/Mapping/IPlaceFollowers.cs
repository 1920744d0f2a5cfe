using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.Mapping;

/// <summary>
/// What lives in places and follows them to their team. The inventory implements it, so that the catalogue knows no
/// identities.
/// </summary>
public interface IPlaceFollowers
{
    /// <summary>
    /// Gives everything in the staged places, and with no team assigned by a person, the place's team. Set-based, in the
    /// current transaction. The places have their new team already.
    /// </summary>
    /// <param name="db">The command's context.</param>
    /// <param name="stagedPlaces">Quoted name of a temporary table with the columns <c>id</c> and <c>team_id</c>.</param>
    /// <param name="places">The ids that stand in it.</param>
    /// <param name="cancellationToken">Ends it early; the transaction is then rolled back.</param>
    /// <returns>How many moved.</returns>
    Task<int> FollowAsync(GovernanceDb db, string stagedPlaces, IReadOnlyCollection<Guid> places, CancellationToken cancellationToken);

    /// <summary>A team that is removed: what is retired and had it answers to its place's team again. Set-based, in the current transaction.</summary>
    Task<int> ForgetTeamAsync(GovernanceDb db, Guid team, CancellationToken cancellationToken);

    /// <summary>What is there now (not retired), to count.</summary>
    IQueryable<PlaceFollower> Present(GovernanceDb db);
}

/// <summary>One thing that lives in a place.</summary>
public sealed class PlaceFollower
{
    public required Guid PlaceId { get; init; }

    public required Guid? TeamId { get; init; }

    /// <summary>True when a person assigned the team.</summary>
    public required bool IsAssigned { get; init; }
}
