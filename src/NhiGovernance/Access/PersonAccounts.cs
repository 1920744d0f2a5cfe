using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

/// <summary>What the catalogue asks about accounts and tokens.</summary>
internal sealed class PersonAccounts(IDialect dialect) : IPersonAccounts, ITeamDependents
{
    public async Task<IReadOnlyList<PersonAccount>> OfAsync(GovernanceDb db, IReadOnlyCollection<Guid> people, CancellationToken cancellationToken) =>
        await db.Set<Account>().AsNoTracking().Where(a => people.Contains(a.PersonId))
            .Select(a => new PersonAccount(a.PersonId, a.Id, a.UserName ?? string.Empty, a.Roles, a.IsDisabled))
            .ToListAsync(cancellationToken);

    public async Task<Error?> MoveAsync(GovernanceDb db, Guid from, Guid into, CancellationToken cancellationToken)
    {
        var accounts = await db.Set<Account>().Where(a => a.PersonId == from || a.PersonId == into).ToListAsync(cancellationToken);
        if (accounts.Count > 1)
        {
            return new Error.Conflict("Both have an account. Disable and remove one of them first.");
        }

        foreach (var account in accounts)
        {
            account.PersonId = into;
        }

        return null;
    }

    public async Task<IReadOnlyCollection<Guid>> MustStayAsync(GovernanceDb db, IReadOnlyCollection<Guid> leaving, CancellationToken cancellationToken)
    {
        var ids = leaving.ToArray();
        if (!await Admins.Active(db).AnyAsync(a => ids.Contains(a.PersonId), cancellationToken))
        {
            return [];
        }

        await Admins.LockAsync(dialect, db, cancellationToken);
        if (await Admins.Active(db).AnyAsync(a => !ids.Contains(a.PersonId), cancellationToken))
        {
            return [];
        }

        // All at once: one of them is enough, and who was here last can still act on it.
        var last = await Admins.Active(db).AsNoTracking().OrderBy(a => a.LastSignInAt == null).ThenByDescending(a => a.LastSignInAt).ThenBy(a => a.Id)
            .Select(a => a.PersonId).FirstAsync(cancellationToken);
        return [last];
    }

    public async Task<IReadOnlyCollection<Guid>> StayedAsync(GovernanceDb db, CancellationToken cancellationToken) =>
        await Leavers.SaidToHaveLeft(db).Join(Admins.Active(db), id => id, a => a.PersonId, (id, _) => id).ToListAsync(cancellationToken);

    public async Task<Error?> EndAsync(CommandContext context, Guid person, CancellationToken cancellationToken)
    {
        await Admins.LockAsync(dialect, context.Db, cancellationToken);
        var account = await context.Db.Set<Account>().SingleOrDefaultAsync(a => a.PersonId == person, cancellationToken);
        if (account is null)
        {
            return null;
        }

        if (account.Id == context.Actor.Id)
        {
            return new Error.Forbidden("You cannot mark yourself as left. Another Admin can.");
        }

        if (await Admins.IsLastAsync(context.Db, account, cancellationToken))
        {
            return new Error.Conflict("This is the last Admin. Make another account an Admin first.");
        }

        var before = AccountState.Of(account);
        account.SecurityStamp = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        await Links.EndOthersAsync(context.Db, account.Id, null, context.Now, cancellationToken);
        context.Audit("account.end-sessions", "account", account.Id, before, AccountState.Of(account), "the person has left");
        context.Signal("account", account.Id);
        foreach (var token in await context.Db.Set<ApiToken>()
            .Where(t => t.CreatedBy == account.Id && t.RevokedAt == null && t.ExpiresAt > context.Now).ToListAsync(cancellationToken))
        {
            var state = TokenState.Of(token);
            token.RevokedAt = context.Now;
            context.Audit("token.revoke", "token", token.Id, state, TokenState.Of(token), "its maker has left");
            context.Signal("token", token.Id);
        }

        return null;
    }

    public async Task<string?> OfAsync(GovernanceDb db, Guid team, CancellationToken cancellationToken)
    {
        var tokens = await db.Set<ApiToken>().CountAsync(t => t.TeamId == team && t.RevokedAt == null, cancellationToken);
        return tokens switch { 0 => null, 1 => "1 API token", _ => $"{tokens} API tokens" };
    }
}

internal sealed class PersonAccountsSlice : ISlice
{
    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IPersonAccounts, PersonAccounts>();
        services.AddSingleton<ITeamDependents, PersonAccounts>();
    }
}
