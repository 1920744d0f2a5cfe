using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

/// <summary>What the catalogue asks about accounts and tokens.</summary>
internal sealed class PersonAccounts : IPersonAccounts, ITeamDependents
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
