using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.Teams;

/// <summary>What else names a team. Other slices implement it for what is theirs, so that the catalogue need not know them.</summary>
public interface ITeamDependents
{
    /// <summary>A phrase such as "2 API tokens", or null when there is nothing.</summary>
    Task<string?> OfAsync(GovernanceDb db, Guid team, CancellationToken cancellationToken);
}

/// <summary>Removes a team that nothing hangs on; otherwise says what does. Its members stay people.</summary>
public sealed class RemoveTeam(CommandDoor door, IPlaceFollowers followers, IEnumerable<ITeamDependents> dependents) : Command<string, Done>(door)
{
    public override Permission Permission => Permission.ManageTeams;

    protected override async Task<Result<Done>> ApplyAsync(string request, CommandContext context, CancellationToken cancellationToken)
    {
        var team = await context.Db.Set<Team>().Include(t => t.Members).FirstOrDefaultAsync(t => t.Key == request, cancellationToken);
        if (team is null)
        {
            return new Error.NotFound($"Team {request}");
        }

        await TeamHold.TakeAsync(context.Db, team.Id, cancellationToken);
        var holds = await HoldsAsync(context.Db, team.Id, cancellationToken);
        if (holds.Count > 0)
        {
            return new Error.Conflict($"{team.Name} still has {string.Join(", ", holds)}. Give them to another team first.");
        }

        await followers.ForgetTeamAsync(context.Db, team.Id, cancellationToken);
        context.Db.RemoveRange(team.Members);
        context.Db.Remove(team);
        context.Audit("team.remove", "team", team.Id, new { team.Key, team.Name, team.Contact }, null, team.Key);
        context.Signal("catalogue", team.Id);
        return Done.Value;
    }

    private async Task<List<string>> HoldsAsync(GovernanceDb db, Guid team, CancellationToken cancellationToken)
    {
        var services = await db.Set<Service>().CountAsync(s => s.TeamId == team, cancellationToken);
        var identities = await followers.Present(db).Where(f => f.TeamId == team).Take(BoundedCount.Limit + 1).CountAsync(cancellationToken);
        List<string> holds = [];
        if (services > 0)
        {
            holds.Add(services == 1 ? "1 service" : $"{services} services");
        }

        if (identities > 0)
        {
            holds.Add(identities == 1 ? "1 identity" : $"{new BoundedCount(identities)} identities");
        }

        foreach (var dependent in dependents)
        {
            if (await dependent.OfAsync(db, team, cancellationToken) is { } phrase)
            {
                holds.Add(phrase);
            }
        }

        return holds;
    }
}
