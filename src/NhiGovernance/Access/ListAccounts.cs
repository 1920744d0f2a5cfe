using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

/// <param name="Search">Part of a name or address.</param>
/// <param name="Cursor">From the page before.</param>
public sealed record ListAccountsRequest(string? Search = null, string? Cursor = null, int Limit = 50);

public enum AccountStatus
{
    Active,
    Locked,
    Disabled,

    /// <summary>A link was handed out and not used yet. <see cref="AccountRow.Id"/> is the person's.</summary>
    Invited,
}

/// <param name="MustStay">A source says that they have left; as the last Admin they keep their access until there is another.</param>
public sealed record AccountRow(
    Guid Id, Guid PersonId, string Name, string? Email, Role Roles, AccountStatus Status, DateTimeOffset CreatedAt,
    DateTimeOffset? LastSignInAt, DateTimeOffset? InvitationEnds, bool IsOwn, long Version, bool MustStay = false);

/// <summary>Accounts by name, and on the first page, before them, the invitations that are open.</summary>
public sealed class ListAccounts(QueryDoor door, IDialect dialect) : Query<ListAccountsRequest, Page<AccountRow>>(door)
{
#pragma warning disable CA1304, CA1311 // Translated to the database's own lower(); the forms with a culture are not.
    private static readonly Expression<Func<Person, string>> SearchText = p => p.Name.ToLower() + " " + (p.Email ?? string.Empty);
#pragma warning restore CA1304, CA1311

    public override Permission Permission => Permission.ReadAccounts;

    protected override async Task<Result<Page<AccountRow>>> ReadAsync(
        ListAccountsRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var (db, now) = (context.Db, context.Now);
        var limit = Math.Clamp(request.Limit, 1, 200);
        var people = db.Set<Person>().AsQueryable();
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            people = dialect.WhereContains(people, SearchText, request.Search);
        }

        var accounts = db.Set<Account>().Join(people, a => a.PersonId, p => p.Id, (a, p) => new { Account = a, Person = p });
        var count = await accounts.Take(BoundedCount.Limit + 1).CountAsync(cancellationToken);
        var page = accounts;
        if (!string.IsNullOrEmpty(request.Cursor))
        {
            if (Cursor(request.Cursor) is not { } after)
            {
                return Cursors.NoneOfOurs;
            }

            page = page.Where(x => x.Person.Name.CompareTo(after.Name) > 0 || (x.Person.Name == after.Name && x.Account.Id > after.Id));
        }

        var rows = await page.OrderBy(x => x.Person.Name).ThenBy(x => x.Account.Id).Take(limit + 1)
            .Select(x => new AccountRow(
                x.Account.Id, x.Person.Id, x.Person.Name, x.Account.Email, x.Account.Roles,
                x.Account.IsDisabled ? AccountStatus.Disabled : x.Account.LockoutEnd > now ? AccountStatus.Locked : AccountStatus.Active,
                x.Account.CreatedAt, x.Account.LastSignInAt, null, x.Account.Id == context.Actor.Id, x.Account.Version,
                !x.Account.IsDisabled && (x.Account.Roles & Role.Admin) == Role.Admin && Leavers.SaidToHaveLeft(db).Contains(x.Person.Id)))
            .ToListAsync(cancellationToken);
        var next = rows.Count > limit ? $"{rows[limit - 1].Id:N}{rows[limit - 1].Name}" : null;
        rows = [.. rows.Take(limit)];
        if (request.Cursor is null)
        {
            var invited = await db.Set<SignInLink>().Where(l => l.PersonId != null && l.UsedAt == null && l.ExpiresAt > now)
                .Join(people, l => l.PersonId, p => p.Id, (l, p) => new AccountRow(
                    p.Id, p.Id, p.Name, p.Email, l.Roles, AccountStatus.Invited, l.CreatedAt, null, l.ExpiresAt, false, 0))
                .Take(100).ToListAsync(cancellationToken);
            rows.InsertRange(0, invited.OrderBy(i => i.Name, StringComparer.Ordinal));
        }

        return new Page<AccountRow>(rows, next, new BoundedCount(count));
    }

    private static (Guid Id, string Name)? Cursor(string? cursor) =>
        cursor is { Length: > 32 } && Guid.TryParseExact(cursor[..32], "N", out var id) ? (id, cursor[32..]) : null;
}
