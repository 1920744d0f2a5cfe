using Microsoft.AspNetCore.Components;
using NhiGovernance.Access;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Access;

public sealed partial class AccountsPage
{
    private AccountRow? _editing;
    private AccountRow? _disabling;
    private AccountRow? _ending;
    private AccountRow? _withdrawing;
    private Role _roles;
    private string _email = "";
    private string _name = "";
    private string? _link;
    private DateTimeOffset _linkEnds;
    private bool _inviting;

    [Inject] private ListAccounts List { get; set; } = default!;

    [Inject] private InviteAccount InviteSomebody { get; set; } = default!;

    [Inject] private SetAccountRoles SetRoles { get; set; } = default!;

    [Inject] private DisableAccount Disable { get; set; } = default!;

    [Inject] private EnableAccount Enable { get; set; } = default!;

    [Inject] private CreateResetLink ResetLink { get; set; } = default!;

    [Inject] private EndSessions EndAll { get; set; } = default!;

    [Inject] private WithdrawInvitation Withdraw { get; set; } = default!;

    protected override string Noun => "accounts";

    private bool May => Viewer.May(Permission.ManageAccounts);

    protected override Task<Result<Page<AccountRow>>> ReadAsync(CancellationToken cancellationToken) =>
        List.RunAsync(new ListAccountsRequest(Words, Cursor, Size), cancellationToken);

    private void Invite() => (_email, _name, _roles, _inviting) = ("", "", Role.Owner, true);

    private void EditRoles(AccountRow account) => (_editing, _roles) = (account, account.Roles);

    private async Task<Error?> InviteAsync(string reason)
    {
        var link = await InviteSomebody.RunAsync(new InviteAccountRequest(_email, _name, _roles), Life);
        Show(link);
        await ReloadAsync();
        return link.Error;
    }

    private async Task LinkAsync(AccountRow account)
    {
        var link = await ResetLink.RunAsync(new CreateResetLinkRequest(account.Id), Life);
        Show(link);
        if (link.Error is { } error)
        {
            Page.Toast(error);
        }
    }

    private async Task<Error?> SetRolesAsync(string reason)
    {
        var set = await SetRoles.RunAsync(new SetAccountRolesRequest(_editing!.Id, _roles, _editing.Version), Life);
        await ReloadAsync();
        var shown = _editing;
        if (set.Error is not Error.Conflict || await FindAsync(shown) is not { } now || now.Version == shown.Version)
        {
            return set.Error;
        }

        // The other's change stays where this person changed nothing; what they ticked stays ticked.
        (_editing, _roles) = (now, RolePicker.Merge(_roles, shown.Roles, now.Roles));
        StateHasChanged();
        return Conflicts.OfSets(RolePicker.Names(shown.Roles), RolePicker.Names(now.Roles), ("state", AccountWords.Of(shown.Status), AccountWords.Of(now.Status)));
    }

    /// <summary>The account as it is now, wherever the list stands.</summary>
    private async Task<AccountRow?> FindAsync(AccountRow account)
    {
        var found = await List.RunAsync(new ListAccountsRequest(account.Email, null, 200), Life);
        return found.IsOk ? found.Value.Items.FirstOrDefault(a => a.Id == account.Id) : null;
    }

    private async Task<Error?> DisableAsync(string reason)
    {
        var disabled = await Disable.RunAsync(new DisableAccountRequest(_disabling!.Id), Life);
        await ReloadAsync();
        return disabled.Error;
    }

    private async Task<Error?> EndAsync(string reason) => (await EndAll.RunAsync(new EndSessionsRequest(_ending!.Id), Life)).Error;

    private async Task<Error?> WithdrawAsync(string reason)
    {
        var withdrawn = await Withdraw.RunAsync(new WithdrawInvitationRequest(_withdrawing!.PersonId), Life);
        await ReloadAsync();
        return withdrawn.Error;
    }

    private async Task EnableAsync(AccountRow account)
    {
        if (await DoAsync(Enable.RunAsync(new EnableAccountRequest(account.Id), Life), $"{account.Name} may sign in again"))
        {
            await ReloadAsync();
        }
    }

    private void Show(Result<OneTimeLink> link)
    {
        if (link.IsOk)
        {
            (_link, _linkEnds) = (Navigation.ToAbsoluteUri(link.Value.Path).ToString(), link.Value.ExpiresAt);
        }
    }
}
