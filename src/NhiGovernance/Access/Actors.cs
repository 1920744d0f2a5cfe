using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Access;

/// <summary>Loads who acts, anew for every use case: nothing here is cached, so a revocation counts with the next request.</summary>
public sealed class Actors(IDialect dialect, TimeProvider clock) : IActors
{
    private const Role SeesAll = Role.Approver | Role.Engineer | Role.Auditor | Role.Admin;

    private static readonly HashSet<string> NoScopes = [];

    public async Task<Actor?> LoadAsync(GovernanceDb db, ActorReference reference, CancellationToken cancellationToken) => reference.Kind switch
    {
        ActorKind.System => Actor.System(reference.Name),
        ActorKind.Person => await PersonAsync(db, reference, cancellationToken),
        ActorKind.Token => await TokenAsync(db, reference.Id, cancellationToken),
        _ => null,
    };

    private async Task<Actor?> PersonAsync(GovernanceDb db, ActorReference reference, CancellationToken cancellationToken)
    {
        if (reference.SignedInAt is not { } signedInAt || clock.GetUtcNow() - signedInAt > SessionLimits.Absolute)
        {
            return null;
        }

        var session = reference.SessionId;
        var account = await db.Set<Account>().AsNoTracking().Where(a => a.Id == reference.Id && !a.IsDisabled && a.Person!.Status != PersonStatus.Left)
            .Where(a => !db.Set<EndedSession>().Any(s => s.Id == session && s.AccountId == a.Id))
            .Select(a => new
            {
                a.Roles,
                a.SecurityStamp,
                a.Person!.Name,
                Teams = db.Set<TeamMember>().Where(m => m.PersonId == a.PersonId).Select(m => m.TeamId).ToList(),
            })
            .SingleOrDefaultAsync(cancellationToken);
        return account is null || account.SecurityStamp is null || account.SecurityStamp != reference.SessionStamp
            ? null
            : new Actor(ActorKind.Person, reference.Id, account.Name, account.Roles, NoScopes, account.Teams.ToHashSet(),
                (account.Roles & SeesAll) != 0, signedInAt);
    }

    /// <summary>
    /// A token may do what both it and its maker may, at this moment: it lost what they lost, and is refused when they are gone.
    /// One that the command line made was made by whoever runs the machine, and has no such bound.
    /// </summary>
    private async Task<Actor?> TokenAsync(GovernanceDb db, Guid id, CancellationToken cancellationToken)
    {
        var now = await dialect.NowAsync(db, cancellationToken);
        var token = await db.Set<ApiToken>().AsNoTracking()
            .Where(t => t.Id == id && t.RevokedAt == null && t.ExpiresAt > now)
            .Where(Leavers.MakerIsThere(db))
            .Select(t => new { t.Name, t.Scopes, t.TeamId, t.CreatedBy })
            .SingleOrDefaultAsync(cancellationToken);
        if (token is null)
        {
            return null;
        }

        var maker = token.CreatedBy is not { } by ? null : await db.Set<Account>().AsNoTracking().Where(a => a.Id == by)
            .Select(a => new { a.Roles, Teams = db.Set<TeamMember>().Where(m => m.PersonId == a.PersonId).Select(m => m.TeamId).ToList() })
            .SingleAsync(cancellationToken);
        var scopes = token.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(s => (maker is null || TokenScopes.MayGive(maker.Roles, s)) && (token.TeamId is null || TokenScopes.IsByTeam(s)));
        var sees = maker is null || (maker.Roles & SeesAll) != 0;
        var teams = token.TeamId is { } team ? sees || maker!.Teams.Contains(team) ? [team] : [] : maker?.Teams ?? [];
        return new Actor(
            ActorKind.Token, id, token.Name, Role.None, scopes.ToHashSet(StringComparer.Ordinal), teams.ToHashSet(), sees && token.TeamId is null,
            SignedInAt: null);
    }
}

/// <summary>How long a sign-in lasts. ASVS 7.3: idle and absolute.</summary>
public static class SessionLimits
{
    /// <summary>Without any request or click.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(8);

    /// <summary>However busy.</summary>
    public static readonly TimeSpan Absolute = TimeSpan.FromDays(7);

    /// <summary>How often an open page asks whether its sign-in still counts. Each use case asks anyway.</summary>
    public static readonly TimeSpan Revalidation = TimeSpan.FromSeconds(60);
}
