using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

public sealed class ActorNames : IActorNames
{
    public async Task<IReadOnlyDictionary<Guid, string>> ReadAsync(GovernanceDb db, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var people = await db.Set<Account>().AsNoTracking().Where(a => ids.Contains(a.Id))
            .Select(a => new { a.Id, a.Person!.Name }).ToListAsync(cancellationToken);
        var tokens = await db.Set<ApiToken>().AsNoTracking().Where(t => ids.Contains(t.Id))
            .Select(t => new { t.Id, t.Name }).ToListAsync(cancellationToken);
        return people.Concat(tokens).ToDictionary(n => n.Id, n => n.Name);
    }
}
