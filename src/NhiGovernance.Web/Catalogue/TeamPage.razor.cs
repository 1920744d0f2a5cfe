using Microsoft.AspNetCore.Components;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Catalogue;

public sealed partial class TeamPage
{
    private TeamDetail? _team;
    private TeamDetail? _shown;
    private bool _renaming;
    private bool _removing;

    [Parameter] public string Key { get; set; } = "";

    [CascadingParameter] private Viewer Viewer { get; set; } = default!;

    [Inject] private GetTeam Get { get; set; } = default!;

    [Inject] private UpdateTeam Update { get; set; } = default!;

    [Inject] private SetTeamMembers SetMembers { get; set; } = default!;

    [Inject] private RemoveTeam Remove { get; set; } = default!;

    private bool May => Viewer.May(Permission.ManageTeams);

    protected override Task OnParametersSetAsync() => ReloadAsync();

    private Task ReloadAsync() => LoadAsync(token => Get.RunAsync(Key, token), team => _team = team);

    /// <summary>What is edited is what was shown at this moment, whatever the page hears meanwhile.</summary>
    private void Edit() => (_shown, _renaming) = (_team, true);

    private async Task<Error?> RenameAsync(NameDraft draft)
    {
        var shown = _shown!;
        var saved = await Update.RunAsync(new UpdateTeamRequest(Key, draft.Name, draft.Extra, shown.Version), Life);
        await ReloadAsync();
        if (saved.Error is not Error.Conflict || _team is not { } now || now.Version == shown.Version)
        {
            return saved.Error;
        }

        (_shown, draft.Name, draft.Extra) = (now, Conflicts.Merge(draft.Name, shown.Name, now.Name), Conflicts.Merge(draft.Extra, shown.Contact, now.Contact));
        StateHasChanged();
        return Conflicts.Of(("name", shown.Name, now.Name), ("contact", shown.Contact, now.Contact));
    }

    private Task JoinAsync(Guid person) => MembersAsync([.. _team!.Members.Select(m => m.PersonId), person], Lead);

    private Task LeaveAsync(Guid person) =>
        MembersAsync([.. _team!.Members.Select(m => m.PersonId).Where(p => p != person)], Lead == person ? null : Lead);

    private Task LeadAsync(Guid person) => MembersAsync([.. _team!.Members.Select(m => m.PersonId)], person);

    private Guid? Lead => _team!.Members.FirstOrDefault(m => m.IsLead)?.PersonId;

    private async Task MembersAsync(IReadOnlyList<Guid> people, Guid? lead)
    {
        await DoAsync(SetMembers.RunAsync(new SetTeamMembersRequest(Key, people, lead, _team!.Version), Life));
        await ReloadAsync();
    }

    private async Task<Error?> RemoveAsync(string reason)
    {
        var removed = await Remove.RunAsync(Key, Life);
        if (removed.IsOk)
        {
            Page.Toast($"Team {Key} removed");
            Navigation.NavigateTo("/teams");
        }

        return removed.Error;
    }
}
