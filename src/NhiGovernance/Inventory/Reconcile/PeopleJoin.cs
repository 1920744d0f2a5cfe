using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>
/// Who a source's handle is: the person with the same e-mail address, or a new person. What people of the catalogue merged stays.
/// A person's status follows their handles: left in one source is left.
/// </summary>
internal sealed class PeopleJoin(GovernanceDb db, TimeProvider clock)
{
    public async Task JoinAsync(IReadOnlyCollection<PersonHandle> handles, CancellationToken cancellationToken)
    {
        foreach (var batch in handles.Chunk(1_000))
        {
            var ids = batch.Select(h => h.Id).ToArray();
            var rows = await db.Set<PersonHandle>().AsTracking().Where(h => ids.Contains(h.Id)).ToListAsync(cancellationToken);
            await LinkAsync(rows, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await StatusAsync(rows.Where(h => h.PersonId is not null).Select(h => h.PersonId!.Value).Distinct().ToArray(), cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }
    }

    private async Task LinkAsync(List<PersonHandle> handles, CancellationToken cancellationToken)
    {
        var emails = handles.Where(h => h.Email is not null).Select(h => h.Email!).Distinct().ToArray();
        var personIds = handles.Where(h => h.PersonId is not null).Select(h => h.PersonId!.Value).ToArray();
        var people = await db.Set<Person>().AsTracking()
            .Where(p => (p.Email != null && emails.Contains(p.Email)) || personIds.Contains(p.Id)).ToListAsync(cancellationToken);
        var byEmail = people.Where(p => p.Email is not null).ToDictionary(p => p.Email!, StringComparer.Ordinal);
        var byId = people.ToDictionary(p => p.Id);
        foreach (var handle in handles)
        {
            if (handle.PersonId is { } linked && byId.TryGetValue(linked, out var person))
            {
                if (person.Email is null && handle.Email is { } learnt && byEmail.TryAdd(learnt, person))
                {
                    person.Email = learnt;
                }
            }
            else if (handle.Email is { } email && byEmail.TryGetValue(email, out var same))
            {
                handle.PersonId = same.Id;
            }
            else if (Name(handle) is { } name)
            {
                var added = new Person { Id = Ids.New(clock), Name = name, Email = handle.Email };
                db.Add(added);
                handle.PersonId = added.Id;
                byId[added.Id] = added;
                if (added.Email is { } own)
                {
                    byEmail[own] = added;
                }
            }
        }
    }

    private async Task StatusAsync(Guid[] personIds, CancellationToken cancellationToken)
    {
        var people = await db.Set<Person>().AsTracking().Where(p => personIds.Contains(p.Id)).ToListAsync(cancellationToken);
        var said = (await db.Set<PersonHandle>().AsNoTracking()
            .Where(h => h.PersonId != null && personIds.Contains(h.PersonId.Value) && h.Presence == Presence.Present)
            .Select(h => new { Id = h.PersonId!.Value, h.Status, h.LeaveDate }).ToListAsync(cancellationToken)).ToLookup(h => h.Id);
        foreach (var person in people)
        {
            if (said[person.Id].Where(h => h.Status != PersonStatus.Unknown).Select(h => (PersonStatus?)h.Status).Max() is { } worst)
            {
                person.Status = worst;
            }

            if (said[person.Id].Where(h => h.LeaveDate is not null).Select(h => h.LeaveDate).Min() is { } leaves)
            {
                person.LeaveDate = leaves;
            }
        }
    }

    private static string? Name(PersonHandle handle) =>
        new[] { handle.DisplayName, handle.Login, handle.Email }.FirstOrDefault(n => !string.IsNullOrWhiteSpace(n));
}
