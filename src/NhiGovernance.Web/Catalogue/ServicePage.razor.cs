using Microsoft.AspNetCore.Components;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Catalogue.Products;
using NhiGovernance.Catalogue.Services;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Parts;

namespace NhiGovernance.Web.Catalogue;

public sealed partial class ServicePage
{
    private ServiceDetail? _service;
    private IReadOnlyList<CatalogueLink> _teams = [];
    private IReadOnlyList<CatalogueLink> _products = [];
    private ServiceDetail? _shown;
    private string? _team;
    private string? _product;
    private bool _editing;
    private bool _removing;

    [Parameter] public string Key { get; set; } = "";

    [CascadingParameter] private Viewer Viewer { get; set; } = default!;

    [Inject] private GetService Get { get; set; } = default!;

    [Inject] private UpdateService Update { get; set; } = default!;

    [Inject] private SetServiceMapping SetMapping { get; set; } = default!;

    [Inject] private RemoveService Remove { get; set; } = default!;

    [Inject] private ListTeams Teams { get; set; } = default!;

    [Inject] private ListProducts Products { get; set; } = default!;

    private bool May => Viewer.May(Permission.ManageServices);

    protected override async Task OnInitializedAsync()
    {
        var teams = await Teams.RunAsync(new CatalogueList(Limit: 200), Life);
        var products = await Products.RunAsync(new CatalogueList(Limit: 200), Life);
        _teams = teams.IsOk ? [.. teams.Value.Items.Select(t => new CatalogueLink(t.Key, t.Name))] : [];
        _products = products.IsOk ? [.. products.Value.Items.Select(p => new CatalogueLink(p.Key, p.Name))] : [];
    }

    protected override Task OnParametersSetAsync() => ReloadAsync();

    private Task ReloadAsync() => LoadAsync(token => Get.RunAsync(Key, token), service => _service = service);

    private void Edit() => (_shown, _team, _product, _editing) = (_service, _service?.Team?.Key, _service?.Product?.Key, true);

    private async Task<Error?> UpdateAsync(NameDraft draft)
    {
        var shown = _shown!;
        var saved = await Update.RunAsync(new UpdateServiceRequest(Key, draft.Name, _team, _product, shown.Version), Life);
        if (saved.IsOk)
        {
            Say(saved.Value);
        }

        await ReloadAsync();
        if (saved.Error is not Error.Conflict || _service is not { } now || now.Version == shown.Version)
        {
            return saved.Error;
        }

        (_shown, draft.Name) = (now, Conflicts.Merge(draft.Name, shown.Name, now.Name));
        (_team, _product) = (Conflicts.Merge(_team, shown.Team?.Key, now.Team?.Key), Conflicts.Merge(_product, shown.Product?.Key, now.Product?.Key));
        StateHasChanged();
        return Conflicts.Of(("name", shown.Name, now.Name), ("team", shown.Team?.Name, now.Team?.Name), ("product", shown.Product?.Name, now.Product?.Name));
    }

    private async Task<Error?> SaveRulesAsync(IReadOnlyList<RuleInput> rules, IReadOnlyList<RuleInput> seen)
    {
        var saved = await SetMapping.RunAsync(new SetServiceMappingRequest(Key, rules, seen), Life);
        if (saved.IsOk)
        {
            Say(saved.Value);
        }

        await ReloadAsync();
        StateHasChanged();

        return saved.Error;
    }

    private async Task<Error?> RemoveAsync(string reason)
    {
        var removed = await Remove.RunAsync(Key, Life);
        if (removed.IsOk)
        {
            Say(removed.Value);
            Navigation.NavigateTo("/services");
        }

        return removed.Error;
    }

    private void Say(MappingEffect effect) => Page.Toast(effect.Places == 0
        ? "Saved, no place changed"
        : $"Saved: {Words.Count(effect.Places, "place")} changed, {Words.Count(effect.Moved, "identity", "identities")} moved to another team");
}
