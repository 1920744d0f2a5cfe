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
    private static readonly IReadOnlyList<FilterField> s_fields =
    [
        new("kind", "Kind", [.. Enum.GetValues<CredentialKind>().Select(k => new FilterOption(k.ToString(), InventoryWords.Of(k)))]),
        new("expires", "Expires", [new("past", "in the past"), new("within:7d", "in 7 days"), new("within:30d", "in 30 days"), new("never", "never"), new("unknown", "unknown")], ThreeWay: false),
    ];

    private Page<CredentialRow>? _page;
    private (string?, string?, string?, string?)? _shown;

    [Inject] private ListCredentials ListCredentials { get; set; } = default!;

    [SupplyParameterFromQuery] public string? Q { get; set; }

    [SupplyParameterFromQuery] public string? Kind { get; set; }

    [SupplyParameterFromQuery] public string? Expires { get; set; }

    [SupplyParameterFromQuery] public string? Cursor { get; set; }

    [SupplyParameterFromQuery] public int From { get; set; }

    private bool Filtered => !string.IsNullOrEmpty(Q) || !string.IsNullOrEmpty(Kind) || !string.IsNullOrEmpty(Expires);

    protected override async Task OnParametersSetAsync()
    {
        var wanted = (Q, Kind, Expires, Cursor);
        if (_shown != wanted)
        {
            _shown = wanted;
            await LoadRowsAsync();
        }
    }

    private async Task LoadRowsAsync()
    {
        // The identity filter reads the same words for a time; kinds left out become all the others.
        var only = Picks.Only(Kind);
        var not = Picks.Not(Kind);
        var kinds = Enum.GetValues<CredentialKind>()
            .Where(k => only.Count > 0 ? only.Contains(k.ToString()) : !not.Contains(k.ToString())).ToList();
        var time = IdentityFilter.Parse($"expires={Uri.EscapeDataString(Expires ?? "")}");
        var request = new ListCredentialsRequest(
            Kinds: only.Count + not.Count == 0 ? null : kinds, Expires: time.IsOk ? time.Value.Expires : default, Text: Q, Cursor: Cursor);
        if (await LoadAsync(token => ListCredentials.RunAsync(request, token), page => _page = page))
        {
            Page.Say($"{_page!.Count} credentials");
        }
    }
}
