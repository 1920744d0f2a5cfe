using Microsoft.AspNetCore.Components;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Web.Shell.Lists;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Catalogue;

public sealed partial class PeoplePage
{
    private IReadOnlyList<FilterField> _fields = [];
    private Dictionary<Guid, string> _sources = [];
    private PersonRow? _leaving;
    private PersonRow? _merging;
    private PersonRow? _into;
    private PersonStatus _status;
    private DateOnly? _left;
    private bool _adding;

    [Inject] private ListPeople List { get; set; } = default!;

    [Inject] private CreatePerson Create { get; set; } = default!;

    [Inject] private SetPersonStatus SetStatus { get; set; } = default!;

    [Inject] private MergePeople Merge { get; set; } = default!;

    [Inject] private ListTeams Teams { get; set; } = default!;

    [Inject] private ListSources Sources { get; set; } = default!;

    [SupplyParameterFromQuery(Name = "status")] public string? StatusText { get; set; }

    [SupplyParameterFromQuery(Name = "team")] public string? Team { get; set; }

    [SupplyParameterFromQuery(Name = "source")] public Guid? Source { get; set; }

    protected override string Noun => "people";

    private bool May => Viewer.May(Permission.ManagePeople);

    private bool IsFiltered => !string.IsNullOrEmpty(Words) || !string.IsNullOrEmpty(StatusText) || !string.IsNullOrEmpty(Team) || Source is not null;

    protected override async Task OnInitializedAsync()
    {
        var teams = await Teams.RunAsync(new CatalogueList(Limit: 200), Life);
        var sources = await Sources.RunAsync(new ListSourcesRequest(Limit: 500), Life);
        _sources = sources.IsOk ? sources.Value.Items.ToDictionary(s => s.Id, s => s.Name) : [];
        _fields =
        [
            new("status", "Status", [.. Enum.GetNames<PersonStatus>().Select(s => new FilterOption(s, s))], ThreeWay: false),
            new("team", "Team", teams.IsOk ? [.. teams.Value.Items.Select(t => new FilterOption(t.Key, t.Name))] : [], ThreeWay: false),
            new("source", "Source", [.. _sources.Select(s => new FilterOption(s.Key.ToString(), s.Value))], ThreeWay: false),
        ];
    }

    protected override Task<Result<Page<PersonRow>>> ReadAsync(CancellationToken cancellationToken)
    {
        PersonStatus? status = Enum.TryParse<PersonStatus>(StatusText, out var known) ? known : null;
        return List.RunAsync(new ListPeopleRequest(Words, Cursor, Size, status, Team, Source), cancellationToken);
    }

    private void Leave(PersonRow person) => (_leaving, _status, _left) = (person, person.Status, person.LeaveDate);

    private async Task<Error?> AddAsync(NameDraft draft)
    {
        var added = await Create.RunAsync(new CreatePersonRequest(draft.Name, draft.Extra), Life);
        await ReloadAsync();
        return added.Error;
    }

    private async Task<Error?> SetStatusAsync(string reason)
    {
        var set = await SetStatus.RunAsync(new SetPersonStatusRequest(_leaving!.Id, _status, _left, _leaving.Version), Life);
        await ReloadAsync();
        var shown = _leaving;
        if (set.Error is not Error.Conflict || await FindAsync(shown.Id) is not { } now || now.Version == shown.Version)
        {
            return set.Error;
        }

        (_leaving, _status, _left) = (now, Conflicts.Merge(_status, shown.Status, now.Status), Conflicts.Merge(_left, shown.LeaveDate, now.LeaveDate));
        StateHasChanged();
        return Conflicts.Of(
            ("status", shown.Status.ToString(), now.Status.ToString()), ("last day", Day(shown.LeaveDate), Day(now.LeaveDate)),
            ("name", shown.Name, now.Name), ("address", shown.Email, now.Email));
    }

    private static string? Day(DateOnly? day) => day?.ToString("d MMM yyyy", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<PersonRow?> FindAsync(Guid id)
    {
        var found = await List.RunAsync(new ListPeopleRequest(Id: id), Life);
        return found.IsOk && found.Value.Items is [var one] ? one : null;
    }

    private async Task PickAsync(Guid id)
    {
        _into = await FindAsync(id);
    }

    private async Task<Error?> MergeAsync(string reason)
    {
        var merged = await Merge.RunAsync(new MergePeopleRequest(_merging!.Id, _into!.Id), Life);
        await ReloadAsync();
        return merged.Error;
    }

    private string SourceName(Guid id) => _sources.GetValueOrDefault(id, "a removed source");
}
