using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Catalogue.People;

internal static class PersonWords
{
    /// <summary>What sources say of these people.</summary>
    public static async Task<ILookup<Guid, PersonWord>> OfAsync(GovernanceDb db, IReadOnlyCollection<Guid> people, CancellationToken cancellationToken)
    {
        var ids = people.ToArray();
        return (await db.Set<PersonHandle>().AsNoTracking().Where(h => h.PersonId != null && ids.Contains(h.PersonId.Value))
                .Select(h => new { Id = h.PersonId!.Value, h.Status, h.LeaveDate, h.Presence }).ToListAsync(cancellationToken))
            .ToLookup(h => h.Id, h => new PersonWord(h.Status, h.LeaveDate, h.Presence == Presence.Present));
    }
}
