using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Lists;

/// <summary>How many of the lists that hold, or would hold, what is asked for were read to their end.</summary>
/// <param name="Unsure">Lists beside them that were not read to their end, and of which nobody can say whether they hold some of it.</param>
internal sealed record ListCoverage(long Known, long Of, long Unsure)
{
    private static readonly ScopeOutcome[] s_read = [ScopeOutcome.Complete, ScopeOutcome.Unchanged];

    public static async Task<ListCoverage> ReadAsync(QueryContext context, IdentityFilter within, IDialect dialect, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var lists =
            from list in db.Set<SourceScope>().Where(SourceScope.IsAskedFor)
            join source in db.Set<Source>() on list.SourceId equals source.Id
            where source.RemovedAt == null && (list.LastOutcome != ScopeOutcome.NotAvailable || list.Permission != null)
            select list;
        if (context.Actor.SeesAll && within.IsAll)
        {
            var (read, all) = await CountAsync(lists, cancellationToken);
            return new ListCoverage(read, all, 0);
        }

        var ours = Ours(
            db, lists, await IdentityRows.MatchingAsync(db, context.Actor, within, context.Now, dialect, cancellationToken),
            PlacedRows.Places(db, context.Actor, within));
        var (known, of) = await CountAsync(ours, cancellationToken);
        var oursIds = ours.Select(l => l.Id);
        var unread = lists.Where(l => (l.LastOutcome == null || !s_read.Contains(l.LastOutcome.Value)) && !oursIds.Contains(l.Id));
        return new ListCoverage(known, of, await MayBeOurs(context, unread, within).LongCountAsync(cancellationToken));
    }

    /// <summary>Lists that hold something of it, and all lists of its places: a denied one has never held anything.</summary>
    private static IQueryable<SourceScope> Ours(GovernanceDb db, IQueryable<SourceScope> lists, IQueryable<Identity> identities, IQueryable<Place> places)
    {
        var placeIds = places.Select(p => p.Id);
        var identityLists = identities.Select(i => i.ScopeId);
        var identityPlaces = identities.Select(i => i.PlaceId);
        var resourceLists = db.Set<Resource>().Where(r => r.Presence != Presence.Retired && placeIds.Contains(r.PlaceId)).Select(r => r.ScopeId);
        var paths = places.Select(p => p.Path);
        var pathsOfIdentities = db.Set<Place>().Where(p => identityPlaces.Contains(p.Id)).Select(p => p.Path);
        return lists.Where(l => identityLists.Contains(l.Id) || resourceLists.Contains(l.Id) || paths.Contains(l.Place) || pathsOfIdentities.Contains(l.Place));
    }

    /// <summary>
    /// What an unread list would hold is known only by its place. A list of one repository that is known to be another's holds nothing of
    /// ours; a list at the top of a source may name places that nobody has seen, unless its own place is mapped; and what is in an
    /// environment lives below the place of its list, so there a place counts that would be ours in any environment.
    /// </summary>
    private static IQueryable<SourceScope> MayBeOurs(QueryContext context, IQueryable<SourceScope> unread, IdentityFilter within)
    {
        var db = context.Db;
        var known = db.Set<Place>().Select(p => p.Path);
        var mapped = db.Set<Place>().Where(p => p.TeamId != null || p.ServiceId != null).Select(p => p.Path);
        if (within.Environments.IsAny)
        {
            return unread.Where(l => !known.Contains(l.Place) || (l.ParentId == null && !mapped.Contains(l.Place)));
        }

        var anywhere = PlacedRows.Places(db, context.Actor, within with { Environments = Choice.Any }).Select(p => p.Path);
        return unread.Where(l => anywhere.Contains(l.Place) || !known.Contains(l.Place) || (l.ParentId == null && !mapped.Contains(l.Place)));
    }

    private static async Task<(long Read, long All)> CountAsync(IQueryable<SourceScope> lists, CancellationToken cancellationToken)
    {
        var outcomes = await lists.GroupBy(l => l.LastOutcome).Select(g => new { Outcome = g.Key, Count = g.LongCount() }).ToListAsync(cancellationToken);
        return (outcomes.Where(o => o.Outcome is { } outcome && s_read.Contains(outcome)).Sum(o => o.Count), outcomes.Sum(o => o.Count));
    }
}
