using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Catalogue.People;

/// <param name="Team">Key of a team.</param>
/// <param name="Source">A source that knows them.</param>
/// <param name="Id">Only this person.</param>
public sealed record ListPeopleRequest(
    string? Search = null, string? Cursor = null, int Limit = 50, PersonStatus? Status = null, string? Team = null, Guid? Source = null, Guid? Id = null)
    : CatalogueList(Search, Cursor, Limit);

/// <param name="SourceId">The source that knows them by this login.</param>
/// <param name="Login">Their login there.</param>
/// <param name="Status">What that source says of them.</param>
/// <param name="LeaveDate">Their last day, as that source says; null: it does not say.</param>
/// <param name="Since">First seen by that source.</param>
/// <param name="IsGone">The source no longer lists them.</param>
public sealed record HandleRow(Guid SourceId, string Login, PersonStatus Status, DateOnly? LeaveDate, DateTimeOffset Since, bool IsGone);

/// <param name="Id">Id of the person.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Email">Lower-case; by it the handles of several sources are joined. Null: nobody gave it.</param>
/// <param name="Status">What counts: a person's decision, or else what the sources say; Unknown while nobody said anything.</param>
/// <param name="LeaveDate">Their last day; null: nobody said.</param>
/// <param name="Handles">As each source knows them.</param>
/// <param name="Teams">The teams that they are in.</param>
/// <param name="Account">How they sign in here; null: they do not.</param>
/// <param name="Version">Counts their changes; send it back with a change.</param>
/// <param name="Decision">What a person said; it counts. Null: the sources are believed.</param>
/// <param name="SourcesSay">The gravest word of the sources.</param>
public sealed record PersonRow(
    Guid Id, string Name, string? Email, PersonStatus Status, DateOnly? LeaveDate,
    IReadOnlyList<HandleRow> Handles, IReadOnlyList<CatalogueLink> Teams, PersonAccount? Account, long Version,
    PersonStatus? Decision = null, PersonStatus SourcesSay = PersonStatus.Unknown)
{
    /// <summary>A source says that they have left; as the last Admin they keep their access until there is another.</summary>
    public bool MustStay => Decision is null && SourcesSay == PersonStatus.Left && Status != PersonStatus.Left;

    /// <summary>A person decided one thing and the sources say another.</summary>
    public bool IsContested => Decision is { } decision && SourcesSay != PersonStatus.Unknown && SourcesSay != decision;
}

/// <summary>People with what each source says of them. The page shows where sources disagree; nothing is smoothed over.</summary>
public sealed class ListPeople(QueryDoor door, IDialect dialect, IEnumerable<IPersonAccounts> accounts) : Query<ListPeopleRequest, Page<PersonRow>>(door)
{
    public override Permission Permission => Permission.ReadPeople;

    protected override async Task<Result<Page<PersonRow>>> ReadAsync(
        ListPeopleRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var page = await CatalogueLists.PageAsync(
            Filter(context.Db, request).OrderBy(p => p.Name).ThenBy(p => p.Id), request, cancellationToken);
        if (!page.IsOk)
        {
            return page.Error;
        }

        var ids = page.Value.Items.Select(p => p.Id).ToArray();
        var handles = (await context.Db.Set<PersonHandle>().Where(h => h.PersonId != null && ids.Contains(h.PersonId.Value))
                .OrderBy(h => h.Login).ToListAsync(cancellationToken))
            .ToLookup(h => h.PersonId!.Value, h => new HandleRow(
                h.SourceId, h.Login, h.Status, h.LeaveDate, h.FirstSeenAt, h.MissingSince is not null || h.RetiredAt is not null));
        var words = await PersonWords.OfAsync(context.Db, ids, cancellationToken);
        var teams = (await context.Db.Set<TeamMember>().Where(m => ids.Contains(m.PersonId))
                .Join(context.Db.Set<Team>(), m => m.TeamId, t => t.Id, (m, t) => new { m.PersonId, t.Key, t.Name })
                .OrderBy(t => t.Key).ToListAsync(cancellationToken))
            .ToLookup(t => t.PersonId, t => new CatalogueLink(t.Key, t.Name));
        var known = new Dictionary<Guid, PersonAccount>();
        foreach (var slice in accounts)
        {
            foreach (var account in await slice.OfAsync(context.Db, ids, cancellationToken))
            {
                known[account.PersonId] = account;
            }
        }

        return new Page<PersonRow>(
            [.. page.Value.Items.Select(p => new PersonRow(
                p.Id, p.Name, p.Email, p.Status, p.LeaveDate, [.. handles[p.Id]], [.. teams[p.Id]], known.GetValueOrDefault(p.Id), p.Version,
                p.Decision, PersonStanding.SourcesSay(words[p.Id])))],
            page.Value.Next, page.Value.Count);
    }

    private IQueryable<Person> Filter(GovernanceDb db, ListPeopleRequest request)
    {
        var people = db.Set<Person>().AsQueryable();
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            people = dialect.WhereContains(people, CatalogueSearch.Person, request.Search);
        }

        if (request.Id is { } id)
        {
            people = people.Where(p => p.Id == id);
        }

        if (request.Status is { } status)
        {
            people = people.Where(p => p.Status == status);
        }

        if (!string.IsNullOrEmpty(request.Team))
        {
            people = people.Where(p => db.Set<Team>().Any(t => t.Key == request.Team && t.Members.Any(m => m.PersonId == p.Id)));
        }

        if (request.Source is { } source)
        {
            people = people.Where(p => db.Set<PersonHandle>().Any(h => h.PersonId == p.Id && h.SourceId == source));
        }

        return people;
    }
}
