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

    /// <summary>
    /// Tokens whose maker may still sign in, or that the command line made. A lock-out after wrong passwords does not count: anybody
    /// who knows an address can cause one, and would stop pipelines by it.
    /// </summary>
    public static Expression<Func<ApiToken, bool>> MakerIsThere(GovernanceDb db) => t =>
        t.CreatedBy == null
        || db.Set<Account>().Any(a => a.Id == t.CreatedBy && !a.IsDisabled && a.Person!.Status != PersonStatus.Left);

    /// <summary>People who have not left here, although a source says so and nobody decided: the last Admin, who stays.</summary>
    public static IQueryable<Guid> SaidToHaveLeft(GovernanceDb db) =>
        db.Set<Person>().Where(p => p.Status != PersonStatus.Left && p.Decision == null
            && db.Set<PersonHandle>().Any(h => h.PersonId == p.Id && h.Status == PersonStatus.Left)).Select(p => p.Id);
}
