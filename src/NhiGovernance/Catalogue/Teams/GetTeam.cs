using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Catalogue.Teams;

/// <param name="PersonId">Id of the person.</param>
/// <param name="Name">As people read it.</param>
/// <param name="IsLead">They lead the team.</param>
public sealed record TeamMemberRow(Guid PersonId, string Name, bool IsLead);

/// <param name="Id">Id of the team.</param>
/// <param name="Key">Names it in addresses and filters.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Contact">Where the team is reached, in its own words; null: not said.</param>
/// <param name="Members">Who is in it.</param>
/// <param name="Services">The services that it builds and runs.</param>
/// <param name="Identities">How many identities it answers for.</param>
/// <param name="Version">Counts its changes; send it back with a change.</param>
public sealed record TeamDetail(
    Guid Id, string Key, string Name, string? Contact, IReadOnlyList<TeamMemberRow> Members, IReadOnlyList<CatalogueLink> Services,
    BoundedCount Identities, long Version);

/// <summary>A named link to something of the catalogue.</summary>
/// <param name="Key">Its key, as in addresses and filters.</param>
/// <param name="Name">Its name, as people read it.</param>
public sealed record CatalogueLink(string Key, string Name);

/// <summary>One team with its members and what it answers for.</summary>
public sealed class GetTeam(QueryDoor door, IPlaceFollowers followers) : Query<string, TeamDetail>(door)
{
    public override Permission Permission => Permission.ReadTeams;

    protected override async Task<Result<TeamDetail>> ReadAsync(string request, QueryContext context, CancellationToken cancellationToken)
    {
        var identities = followers.Visible(context);
        var team = await context.Db.Set<Team>().Where(t => t.Key == request).Select(t => new TeamDetail(
            t.Id, t.Key, t.Name, t.Contact,
            t.Members.OrderByDescending(m => m.IsLead).ThenBy(m => m.Person!.Name)
                .Select(m => new TeamMemberRow(m.PersonId, m.Person!.Name, m.IsLead)).ToList(),
            Array.Empty<CatalogueLink>(),
            new BoundedCount(identities.Where(i => i.TeamId == t.Id).Take(BoundedCount.Limit + 1).Count()),
            t.Version)).FirstOrDefaultAsync(cancellationToken);
        if (team is null)
        {
            return new Error.NotFound($"Team {request}");
        }

        // A list of its own: two lists in one statement give each member once for every service.
        return team with
        {
            Services = await context.Db.Set<Service>().Where(s => s.TeamId == team.Id).OrderBy(s => s.Key)
                .Select(s => new CatalogueLink(s.Key, s.Name)).ToListAsync(cancellationToken),
        };
    }
}
