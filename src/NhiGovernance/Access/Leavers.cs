using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Access;

/// <summary>
/// Who has left has no way in, whoever noticed: an Admin who said so, or a source in the middle of a poll. So it is asked anew
/// at every door, and needs nobody to disable anything.
/// </summary>
internal static class Leavers
{
    public static Task<bool> IsAsync(GovernanceDb db, Guid person, CancellationToken cancellationToken) =>
        db.Set<Person>().AnyAsync(p => p.Id == person && p.Status == PersonStatus.Left, cancellationToken);

    /// <summary>Tokens that were not made by somebody who has left since.</summary>
    public static Expression<Func<ApiToken, bool>> NotOfOne(GovernanceDb db) =>
        t => !db.Set<Account>().Any(a => a.Id == t.CreatedBy && a.Person!.Status == PersonStatus.Left);
}
