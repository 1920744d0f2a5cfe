using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Mapping;

public enum MappingTarget
{
    Service,
    Environment,
}

/// <param name="Key">The service or environment whose rules are being edited; null for one that is not made yet.</param>
/// <param name="Rules">Its rules as they would be.</param>
public sealed record PreviewMappingRequest(MappingTarget Target, string? Key, IReadOnlyList<RuleInput> Rules);

public enum PreviewOutcome
{
    /// <summary>It would be added.</summary>
    Joins,

    /// <summary>It is in already and stays.</summary>
    Stays,

    /// <summary>It would leave the service that has it now.</summary>
    TakenOver,

    /// <summary>The rules match, but a service earlier in key order has it.</summary>
    ClaimedByOther,

    /// <summary>It is in now and no longer would be.</summary>
    Leaves,
}

/// <param name="Kind">What kind of place: "repository", "organization".</param>
/// <param name="Path">In the vendor's words: "acme/ledger".</param>
/// <param name="Outcome">What saving the rules would do to it.</param>
/// <param name="Other">The other service, by name, where there is one.</param>
public sealed record PreviewPlace(string Kind, string Path, PreviewOutcome Outcome, string? Other);

/// <summary>What saving the rules would do.</summary>
/// <param name="Belong">Places that would belong to it.</param>
/// <param name="Joining">Of those, how many are new to it.</param>
/// <param name="Leaving">Places that would leave it.</param>
/// <param name="Claimed">Places that the rules match and another service keeps.</param>
/// <param name="Identities">Identities in the places that would belong to it.</param>
/// <param name="Unmatched">Rules that match no place that was ever seen.</param>
/// <param name="Places">The first <see cref="PreviewMapping.Shown"/>, changes first.</param>
public sealed record MappingPreview(
    int Belong, int Joining, int Leaving, int Claimed, BoundedCount Identities, IReadOnlyList<RuleInput> Unmatched, IReadOnlyList<PreviewPlace> Places);

/// <summary>Shows what mapping rules would match, before they are saved. Uses the same mapping as saving does.</summary>
public sealed class PreviewMapping(QueryDoor door, IPlaceFollowers followers) : Query<PreviewMappingRequest, MappingPreview>(door)
{
    public const int Shown = 50;

    /// <summary>Identities are counted over at most this many places; beyond, the count is a lower bound and shown as such.</summary>
    private const int CountedPlaces = 20_000;

    // Whoever edits environments edits services too, and sees all places.
    public override Permission Permission => Permission.ManageServices;

    protected override async Task<Result<MappingPreview>> ReadAsync(
        PreviewMappingRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var fields = new CatalogueFields();
        var rules = fields.Rules(request.Rules);
        if (fields.Error is { } invalid)
        {
            return invalid;
        }

        var draft = request.Target == MappingTarget.Service
            ? await MappingDraft.OfServiceAsync(context.Db, request.Key, rules, cancellationToken)
            : await MappingDraft.OfEnvironmentAsync(context.Db, request.Key, rules, cancellationToken);
        if (!draft.IsOk)
        {
            return draft.Error;
        }

        var tally = new PreviewTally(draft.Value, rules);
        var kinds = draft.Value.Kinds;
        var places = context.Db.Set<Place>().Where(p => kinds.Contains(p.Kind)).OrderBy(p => p.Kind).ThenBy(p => p.Path);
        await foreach (var place in places.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            tally.Take(place);
        }

        var ids = tally.Members.Take(CountedPlaces).ToArray();
        var identities = ids.Length == 0
            ? 0
            : await followers.Present(context.Db).Where(f => ids.Contains(f.PlaceId)).Take(BoundedCount.Limit + 1).CountAsync(cancellationToken);
        return tally.Finish(new BoundedCount(tally.Members.Count > CountedPlaces ? BoundedCount.Limit + 1 : identities));
    }
}
