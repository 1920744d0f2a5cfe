using Microsoft.AspNetCore.Components;
using NhiGovernance.Common;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Web.Shell.Lists;

namespace NhiGovernance.Web.Inventory;

/// <summary>Every credential that the viewer may see, soonest to expire first.</summary>
public sealed partial class CredentialsPage
{
    private static readonly IReadOnlyList<FilterField> s_own =
    [
        new("kind", "Kind", [.. Enum.GetValues<CredentialKind>().Select(k => new FilterOption(k.ToString(), InventoryWords.Of(k)))]),
        new("state", "State", [new("Present", "Present"), new("Missing", "Missing"), new("NotCovered", "Not covered"), new("Retired", "Retired")]),
        new("expires", "Expires", [new("past", "in the past"), new("within:7d", "in 7 days"), new("within:30d", "in 30 days"), new("never", "never"), new("unknown", "unknown")], ThreeWay: false),
        new("used", "Last used", [new("within:7d", "in 7 days"), new("within:30d", "in 30 days"), new("not-within:90d", "not in 90 days"), new("never", "never"), new("unknown", "unknown")], ThreeWay: false),
    ];

    private IReadOnlyList<FilterField> _fields = s_own;
    private Page<CredentialRow>? _page;
    private string? _shown;
    private bool _filtered;

    [Inject] private ListCredentials ListCredentials { get; set; } = default!;

    [Inject] private IdentityFacets IdentityFacets { get; set; } = default!;

    [SupplyParameterFromQuery] public string? Q { get; set; }

    [SupplyParameterFromQuery] public string? Kind { get; set; }

    [SupplyParameterFromQuery] public string? State { get; set; }

    [SupplyParameterFromQuery] public string? Expires { get; set; }

    [SupplyParameterFromQuery] public string? Used { get; set; }

    [SupplyParameterFromQuery] public string? Source { get; set; }

    [SupplyParameterFromQuery] public string? Team { get; set; }

    [SupplyParameterFromQuery] public string? Product { get; set; }

    [SupplyParameterFromQuery] public string? Service { get; set; }

    [SupplyParameterFromQuery] public string? Environment { get; set; }

    [SupplyParameterFromQuery] public string? Cursor { get; set; }

    [SupplyParameterFromQuery] public int From { get; set; }

    private IReadOnlyList<KeyValuePair<string, string?>> Parts =>
    [
        new("q", Q), new("kind", Kind), new("state", State), new("expires", Expires), new("used", Used), new("source", Source), new("team", Team),
        new("product", Product), new("service", Service), new("environment", Environment),
    ];

    protected override async Task OnInitializedAsync()
    {
        // The facets of all identities: what there is to choose from. Their counts are of identities, so they are left out.
        var facets = await IdentityFacets.RunAsync(new IdentityFacetsRequest(IdentityFilter.All), Life);
        if (facets.IsOk)
        {
            _fields =
            [
                .. s_own,
                .. IdentityFields.From(facets.Value).Where(f => f.Key is "source" or "team" or "product" or "service" or "environment")
                    .Select(f => f with { Options = [.. f.Options.Select(o => o with { Count = null })] }),
            ];
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        var wanted = string.Join('\n', Parts.Select(p => p.Value).Append(Cursor));
        if (_shown != wanted)
        {
            _shown = wanted;
            await LoadRowsAsync();
        }
    }

    private async Task LoadRowsAsync()
    {
        _filtered = Parts.Any(p => !string.IsNullOrEmpty(p.Value));
        var request = CredentialQuery.Parse(null, Parts, Cursor, limit: null);
        if (!request.IsOk)
        {
            Page.Toast(request.Error);
            request = new ListCredentialsRequest();
        }

        if (await LoadAsync(token => ListCredentials.RunAsync(request.Value, token), page => _page = page))
        {
            Page.Say($"{_page!.Count} credentials");
        }
    }
}
