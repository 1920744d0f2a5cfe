using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>
/// Who a source's handle is: the person with the same e-mail address, or a new person. What people of the catalogue merged stays.
/// A person's status follows what their handles say, unless a person decided it.
/// </summary>
/// <param name="records">Takes what is to be appended to the audit log as the transaction's last statement.</param>
internal sealed class PeopleJoin(GovernanceDb db, IDialect dialect, EndLeavers leavers, List<AuditRecord> records, TimeProvider clock)
{
    public async Task JoinAsync(IReadOnlyCollection<PersonHandle> handles, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (handles.Count == 0)
        {
            return;
        }

        // One run at a time: of two that meet the same human being, the second finds the person that the first made.
        await dialect.LockAsync(db, "people", cancellationToken);
        foreach (var batch in handles.Chunk(1_000))
        {
            var ids = batch.Select(h => h.Id).ToArray();
            var rows = await db.Set<PersonHandle>().AsTracking().Where(h => ids.Contains(h.Id)).ToListAsync(cancellationToken);
            await LinkAsync(rows, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
            await SettleAsync(rows.Where(h => h.PersonId is not null).Select(h => h.PersonId!.Value).Distinct().ToArray(), now, cancellationToken);
        }
    }

    /// <summary>After handles went, came back or changed: what that makes of their people.</summary>
    public async Task SettleHandlesAsync(IReadOnlyCollection<Guid> handles, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var batch in handles.Chunk(1_000))
        {
            var people = await db.Set<PersonHandle>().AsNoTracking().Where(h => batch.Contains(h.Id) && h.PersonId != null)
                .Select(h => h.PersonId!.Value).Distinct().ToArrayAsync(cancellationToken);
            await SettleAsync(people, now, cancellationToken);
        }
    }

    /// <summary>Who stayed only because nobody else was Admin leaves with the next run after somebody else is.</summary>
    public async Task SettleThoseWhoStayedAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await leavers.MayGoNowAsync(db, cancellationToken) is { Count: > 0 } people)
        {
            await SettleAsync([.. people], now, cancellationToken);
        }
    }

    private async Task SettleAsync(Guid[] personIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var people = await db.Set<Person>().AsTracking().Where(p => personIds.Contains(p.Id)).OrderBy(p => p.Id).ToListAsync(cancellationToken);
        var words = await PersonWords.OfAsync(db, personIds, cancellationToken);
        var before = people.ToDictionary(p => p.Id, p => p.Status);
        var left = people.Where(p => PersonStanding.Settle(p, [.. words[p.Id]])).Select(p => p.Id).ToList();
        var stayed = await leavers.MustStayAsync(db, left, cancellationToken);
        people.Where(p => stayed.Contains(p.Id)).ToList().ForEach(p => p.Status = before[p.Id]);
        await db.SaveChangesAsync(cancellationToken);
        people.ForEach(p => db.Entry(p).State = EntityState.Detached);
        if (left.Count > 0)
        {
            records.AddRange(await leavers.RunAsync(db, left.FindAll(id => !stayed.Contains(id)), stayed, now, cancellationToken));
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
        await AddAsync(handles, byEmail, cancellationToken);
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
                var added = new Person { Id = Ids.New(clock), Name = name };
                db.Add(added);
                handle.PersonId = added.Id;
                byId[added.Id] = added;
            }
        }
    }

    // A person in the catalogue may be entering the same address at this moment; whoever is first wins, and the row is read again.
    private async Task AddAsync(List<PersonHandle> handles, Dictionary<string, Person> byEmail, CancellationToken cancellationToken)
    {
        var people = handles.Where(h => h is { PersonId: null, Email: { } email } && !byEmail.ContainsKey(email)).DistinctBy(h => h.Email)
            .OrderBy(h => h.Email, StringComparer.Ordinal).Select(h => new Person { Id = Ids.New(clock), Name = Name(h)!, Email = h.Email, Version = 1 }).ToArray();
        if (people.Length == 0)
        {
            return;
        }

        await new Bulk(db, dialect).MergeAsync(people, ["email"], [], cancellationToken);
        var emails = people.Select(p => p.Email!).ToArray();
        foreach (var person in await db.Set<Person>().AsTracking().Where(p => p.Email != null && emails.Contains(p.Email)).ToListAsync(cancellationToken))
        {
            byEmail[person.Email!] = person;
        }
    }

    private static string? Name(PersonHandle handle) =>
        new[] { handle.DisplayName, handle.Login, handle.Email }.FirstOrDefault(n => !string.IsNullOrWhiteSpace(n));
}
