using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory.Reconcile;

namespace NhiGovernance.Inventory;

/// <param name="Kind">identity, credential, resource or person.</param>
/// <param name="IdentityId">The identity whose page shows it; null when no page does.</param>
/// <param name="Under">Where it lives, or which identity holds it.</param>
public sealed record HeldThing(Guid Id, string Kind, Guid? IdentityId, string Name, string Under);

/// <param name="Items">At most 500, identities first.</param>
/// <param name="Count">All that the run holds back.</param>
public sealed record HeldThings(IReadOnlyList<HeldThing> Items, int Count);

/// <summary>What a held run would make go missing, one by one: whoever releases it must be able to look.</summary>
public sealed class ListHeldThings(QueryDoor door) : Query<HeldRunRequest, HeldThings>(door)
{
    private const int Most = 500;

    public override Permission Permission => Permission.ReadSources;

    protected override async Task<Result<HeldThings>> ReadAsync(HeldRunRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var held = db.Set<HeldDisappearance>().AsNoTracking().Where(h => h.RunId == request.RunId);
        var places = db.Set<Place>();
        IQueryable<HeldThing>[] kinds =
        [
            from h in held
            join i in db.Set<Identity>() on h.SubjectId equals i.Id
            orderby i.Name, i.Id
            select new HeldThing(i.Id, h.SubjectKind, i.Id, i.Name, places.Where(p => p.Id == i.PlaceId).Select(p => p.Path).FirstOrDefault() ?? ""),
            from h in held
            join c in db.Set<Credential>() on h.SubjectId equals c.Id
            orderby c.Name, c.Id
            select new HeldThing(c.Id, h.SubjectKind, c.IdentityId, c.Name, db.Set<Identity>().Where(i => i.Id == c.IdentityId).Select(i => i.Name).FirstOrDefault() ?? ""),
            from h in held
            join r in db.Set<Resource>() on h.SubjectId equals r.Id
            orderby r.Name, r.Id
            select new HeldThing(r.Id, h.SubjectKind, null, r.Name, places.Where(p => p.Id == r.PlaceId).Select(p => p.Path).FirstOrDefault() ?? ""),
            from h in held
            join p in db.Set<PersonHandle>() on h.SubjectId equals p.Id
            orderby p.Login, p.Id
            select new HeldThing(p.Id, h.SubjectKind, null, p.Login, p.DisplayName ?? ""),
        ];
        var items = new List<HeldThing>();
        foreach (var kind in kinds)
        {
            if (items.Count < Most)
            {
                items.AddRange(await kind.Take(Most - items.Count).ToListAsync(cancellationToken));
            }
        }

        return new HeldThings(items, await held.CountAsync(cancellationToken));
    }
}
