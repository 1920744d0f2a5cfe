using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.Teams;

/// <param name="Id">Id of the team.</param>
/// <param name="Key">Names it in addresses and filters.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Contact">Where the team is reached, in its own words; null: not said.</param>
/// <param name="Members">How many people are in it.</param>
/// <param name="Lead">Who leads it, by name; null: nobody.</param>
/// <param name="Services">How many services it builds and runs.</param>
/// <param name="Identities">Of those that the reader may see; bounded like every count.</param>
public sealed record TeamRow(Guid Id, string Key, string Name, string? Contact, int Members, string? Lead, int Services, BoundedCount Identities);

/// <summary>All teams in key order: who leads them and how much they answer for.</summary>
public sealed class ListTeams(QueryDoor door, IDialect dialect, IPlaceFollowers followers) : Query<CatalogueList, Page<TeamRow>>(door)
{
    public override Permission Permission => Permission.ReadTeams;

    protected override Task<Result<Page<TeamRow>>> ReadAsync(CatalogueList request, QueryContext context, CancellationToken cancellationToken)
    {
        var teams = context.Db.Set<Team>().AsQueryable();
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            teams = dialect.WhereContains(teams, CatalogueSearch.Team, request.Search);
        }

        var services = context.Db.Set<Service>();
        var identities = followers.Visible(context);
        var rows = teams.OrderBy(t => t.Key).Select(t => new TeamRow(
            t.Id, t.Key, t.Name, t.Contact, t.Members.Count,
            t.Members.Where(m => m.IsLead).Select(m => m.Person!.Name).FirstOrDefault(),
            services.Count(s => s.TeamId == t.Id),
            new BoundedCount(identities.Where(i => i.TeamId == t.Id).Take(BoundedCount.Limit + 1).Count())));
        return CatalogueLists.PageAsync(rows, request, cancellationToken);
    }
}
