using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using NhiGovernance.Access.Views;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Shell.Lists;

/// <summary>The saved views of the list at this address. Its state is the address; a view is a name for it.</summary>
public sealed partial class SavedViews
{
    private readonly CancellationTokenSource _life = new();
    private IReadOnlyList<SavedViewRow> _views = [];
    private IReadOnlyList<CatalogueLink> _teams = [];
    private Dictionary<string, Guid> _teamIds = [];
    private SavedViewRow? _current;
    private string _query = "";
    private string? _team;
    private Step _step;

    private enum Step
    {
        None,
        Save,
        Rename,
        Delete,
    }

    /// <summary>The product's own views of the list; without, one tab shows all of it.</summary>
    [Parameter] public IReadOnlyList<TabLink>? Tabs { get; set; }

    /// <summary>False for a list inside a page: no navigation item opens it, so no view is its default.</summary>
    [Parameter] public bool InNavigation { get; set; } = true;

    [CascadingParameter] private Viewer Viewer { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    [Inject] private Page Page { get; set; } = default!;

    [Inject] private ListViews List { get; set; } = default!;

    [Inject] private ListTeams Teams { get; set; } = default!;

    [Inject] private SaveView Save { get; set; } = default!;

    [Inject] private RenameView Rename { get; set; } = default!;

    [Inject] private ShareView Share { get; set; } = default!;

    [Inject] private DeleteView Delete { get; set; } = default!;

    [Inject] private SetDefaultView SetDefault { get; set; } = default!;

    private string Path => new Uri(Navigation.Uri).AbsolutePath;

    private IReadOnlyList<TabLink> Shown =>
    [
        .. (Tabs ?? [new TabLink("All", Path, _query.Length == 0)]).Select(t => _current is null ? t : t with { Current = false }),
        .. _views.Select(v => new TabLink(v.Name, v.Href, v == _current) { Icon = v.Team is null ? null : "people", Hint = v.Team is null ? null : $"shared with {v.Team}" }),
    ];

    public void Dispose()
    {
        Navigation.LocationChanged -= Moved;
        _life.Cancel();
        _life.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += Moved;
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        var views = await List.RunAsync(new ListViewsRequest(Path), _life.Token);
        _views = views.IsOk ? views.Value : [];
        Look();
    }

    private void Moved(object? sender, LocationChangedEventArgs moved) => _ = InvokeAsync(() =>
    {
        Look();
        StateHasChanged();
    });

    private void Look()
    {
        _query = ViewQuery.Normal(new Uri(Navigation.Uri).Query);
        _current = _views.FirstOrDefault(v => v.Query == _query);
    }

    private async Task Ask(Step step)
    {
        if (_teams.Count == 0)
        {
            var teams = await Teams.RunAsync(new CatalogueList(Limit: 200), _life.Token);
            var mine = teams.IsOk ? teams.Value.Items.Where(t => Viewer.SeesAll || Viewer.Self.Teams.Contains(t.Id)).ToList() : [];
            _teams = [.. mine.Select(t => new CatalogueLink(t.Key, t.Name))];
            _teamIds = mine.ToDictionary(t => t.Key, t => t.Id, StringComparer.Ordinal);
        }

        (_team, _step) = (step == Step.Save ? null : _teamIds.FirstOrDefault(t => t.Value == _current?.TeamId).Key, step);
    }

    private Guid? TeamId => _team is not null && _teamIds.TryGetValue(_team, out var id) ? id : null;

    private async Task<Error?> SaveAsync(NameDraft draft)
    {
        var saved = await Save.RunAsync(new SaveViewRequest(Path, draft.Name, _query, TeamId), _life.Token);
        await DoneAsync(saved.Error, $"{draft.Name.Trim()} saved");
        return Named(saved.Error);
    }

    private async Task<Error?> ChangeAsync(NameDraft draft)
    {
        var view = _current!;
        Error? error = null;
        if (draft.Name.Trim() != view.Name)
        {
            error = (await Rename.RunAsync(new RenameViewRequest(view.Id, draft.Name, view.Version), _life.Token)).Error;
        }

        if (error is null && TeamId != view.TeamId)
        {
            error = (await Share.RunAsync(new ShareViewRequest(view.Id, TeamId), _life.Token)).Error;
        }

        await DoneAsync(error, "View saved");
        return Named(error);
    }

    private async Task<Error?> DeleteAsync(string reason)
    {
        var view = _current!;
        var deleted = await Delete.RunAsync(new DeleteViewRequest(view.Id), _life.Token);
        await DoneAsync(deleted.Error, $"View {view.Name} deleted");
        return deleted.Error;
    }

    private async Task DefaultAsync(SavedViewRow view)
    {
        var set = await SetDefault.RunAsync(new SetDefaultViewRequest(Path, view.IsDefault ? null : view.Id), _life.Token);
        await DoneAsync(set.Error, view.IsDefault ? "The navigation opens the plain list again" : $"The navigation opens {view.Name}");
        if (set.Error is { } error)
        {
            Page.Toast(error);
        }
    }

    private async Task DoneAsync(Error? error, string said)
    {
        if (error is null)
        {
            Page.Toast(said);
            await LoadAsync();
            StateHasChanged();
        }
    }

    /// <summary>A taken name is the name's fault.</summary>
    private static Error? Named(Error? error) => error is Error.Conflict { Message: var message } ? new Error.Invalid("name", message) : error;
}
