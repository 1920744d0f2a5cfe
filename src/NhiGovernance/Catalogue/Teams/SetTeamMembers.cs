using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Teams;

/// <param name="Key">The team.</param>
/// <param name="People">Everybody who is in it from now on; whoever is not named leaves.</param>
/// <param name="Lead">One of them, or null.</param>
/// <param name="Version">The version that was read; null to change it whatever it is now.</param>
public sealed record SetTeamMembersRequest(string Key, IReadOnlyList<Guid> People, Guid? Lead, long? Version = null);

/// <summary>Says who is in a team and who leads it, all at once.</summary>
public sealed class SetTeamMembers(CommandDoor door) : Command<SetTeamMembersRequest, Done>(door)
{
    private const int Most = 500;

    public override Permission Permission => Permission.ManageTeams;

    protected override async Task<Result<Done>> ApplyAsync(
        SetTeamMembersRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var wanted = request.People.ToHashSet();
        var fields = new CatalogueFields();
        if (wanted.Count > Most)
        {
            fields.Add("people", $"A team has at most {Most} members.");
        }

        if (request.Lead is { } lead && !wanted.Contains(lead))
        {
            fields.Add("lead", "The lead is one of the members.");
        }

        if (fields.Error is { } invalid)
        {
            return invalid;
        }

        var team = await context.Db.Set<Team>().Include(t => t.Members).FirstOrDefaultAsync(t => t.Key == request.Key, cancellationToken);
        if (team is null)
        {
            return new Error.NotFound($"Team {request.Key}");
        }

        if (request.Version is { } read && read != team.Version)
        {
            return CatalogueErrors.Stale;
        }

        var known = await context.Db.Set<Person>().CountAsync(p => wanted.Contains(p.Id), cancellationToken);
        if (known != wanted.Count)
        {
            return new Error.Invalid("people", "Somebody in this list is not a known person.");
        }

        var before = Picture(team);
        foreach (var gone in team.Members.Where(m => !wanted.Contains(m.PersonId)).ToList())
        {
            team.Members.Remove(gone);
            context.Db.Remove(gone);
        }

        foreach (var person in wanted.Except(team.Members.Select(m => m.PersonId)).ToList())
        {
            team.Members.Add(new TeamMember { TeamId = team.Id, PersonId = person });
        }

        foreach (var member in team.Members)
        {
            member.IsLead = member.PersonId == request.Lead;
        }

        // The membership is part of the team: two people who edit it at once must not mix.
        context.Db.Entry(team).State = EntityState.Modified;
        context.Audit("team.members", "team", team.Id, before, Picture(team), $"{team.Key}: {before.Count} to {team.Members.Count} members");
        context.Signal("catalogue", team.Id);
        return Done.Value;
    }

    private static List<string> Picture(Team team) =>
        [.. team.Members.OrderBy(m => m.PersonId).Select(m => m.IsLead ? $"{m.PersonId} lead" : m.PersonId.ToString())];
}
