using System.Globalization;
using Microsoft.AspNetCore.Components;
using NhiGovernance.Common;
using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Inventory.Lists;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Web.Shell;
using NhiGovernance.Web.Shell.Lists;

namespace NhiGovernance.Web.Inventory;

/// <summary>Every credential that the viewer may see. Its whole state is its address: filter, sort, page, columns, the open row.</summary>
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
    private Guid? _identity;
    private (Guid Id, string Name)? _whose;
    private bool _filtered;

    [Inject] private ListCredentials ListCredentials { get; set; } = default!;

    [Inject] private GetIdentity GetIdentity { get; set; } = default!;

    [Inject] private IdentityFacets IdentityFacets { get; set; } = default!;

    [SupplyParameterFromQuery] public string? Q { get; set; }

    /// <summary>Only those of one identity, by its id.</summary>
    [SupplyParameterFromQuery] public string? Identity { get; set; }

    [SupplyParameterFromQuery] public string? Kind { get; set; }

    [SupplyParameterFromQuery] public string? State { get; set; }

    [SupplyParameterFromQuery] public string? Expires { get; set; }

    [SupplyParameterFromQuery] public string? Used { get; set; }

    [SupplyParameterFromQuery] public string? Provider { get; set; }

    [SupplyParameterFromQuery] public string? Source { get; set; }

    [SupplyParameterFromQuery] public string? Team { get; set; }

    [SupplyParameterFromQuery] public string? Product { get; set; }

    [SupplyParameterFromQuery] public string? Service { get; set; }

    [SupplyParameterFromQuery] public string? Environment { get; set; }

    [SupplyParameterFromQuery] public string? Sort { get; set; }

    [SupplyParameterFromQuery] public string? Cols { get; set; }

    [SupplyParameterFromQuery] public string? Cursor { get; set; }

    [SupplyParameterFromQuery] public int From { get; set; }

    /// <summary>The id of the row that is open.</summary>
    [SupplyParameterFromQuery] public string? Open { get; set; }

    private Guid? OpenId => Guid.TryParse(Open, out var id) ? id : null;

    /// <summary>The open row, when it is on this page of the list.</summary>
    private CredentialRow? Opened => OpenId is { } id ? _page?.Items.FirstOrDefault(r => r.Id == id) : null;

    private CredentialSort Order => CredentialSort.Parse(Sort);

    private IReadOnlySet<string> Columns => CredentialColumns.Read(Cols);

    /// <summary>The columns that stand here, also when the address leaves them to the default.</summary>
    private string ExportHref => "/api/v1/credentials.csv"
        + new Uri(Navigation.With(("cols", ExportColumns.Of(Columns)), ("cursor", null), ("from", null), ("open", null))).Query;

    private IReadOnlyList<KeyValuePair<string, string?>> Parts =>
    [
        new("q", Q), new("kind", Kind), new("state", State), new("expires", Expires), new("used", Used),
        new("provider", Provider), new("source", Source), new("team", Team), new("product", Product), new("service", Service), new("environment", Environment),
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
                .. IdentityFields.From(facets.Value).Where(f => CredentialFilter.IsOfIdentity(f.Key))
                    .Select(f => f with { Options = [.. f.Options.Select(o => o with { Count = null })] }),
            ];
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        var wanted = string.Join('\n', Parts.Select(p => p.Value).Append(Identity).Append(Order.ToString()).Append(Cursor));
        if (_shown != wanted)
        {
            _shown = wanted;
            await LoadRowsAsync();
        }
    }

    private async Task LoadRowsAsync()
    {
        _identity = Guid.TryParse(Identity, out var identity) ? identity : null;
        _filtered = _identity is not null || Parts.Any(p => !string.IsNullOrEmpty(p.Value));
        if (_identity is null && !string.IsNullOrEmpty(Identity))
        {
            Page.Toast(new Error.Invalid("identity", "This is not the id of an identity: the credentials of all are listed."));
        }

        var filter = CredentialFilter.Parse(_identity, Parts);
        if (!filter.IsOk)
        {
            Page.Toast(filter.Error);
            filter = new CredentialFilter { IdentityId = _identity };
        }

        var request = new ListCredentialsRequest(filter.Value, Order, Cursor);
        if (await LoadAsync(token => ListCredentials.RunAsync(request, token), page => _page = page))
        {
            Page.Say($"{_page!.Count} credentials");
            await NameIdentityAsync(_page.Items);
        }
    }

    /// <summary>The name in the chip: as the rows have it, or, where other filters leave none, as the identity has it.</summary>
    private async Task NameIdentityAsync(IReadOnlyList<CredentialRow> rows)
    {
        if (_identity is not { } id || _whose?.Id == id)
        {
            return;
        }

        if (rows.Count > 0)
        {
            _whose = (id, rows[0].IdentityName);
            return;
        }

        var found = await GetIdentity.RunAsync(new GetIdentityRequest(id), Life);
        _whose = (id, found.IsOk ? found.Value.Row.Name : "one that is not here");
    }

    private void OpenRow(CredentialRow row) => Navigation.Replace(("open", row.Id == OpenId ? null : row.Id.ToString()));

    private void ClosePanel() => Navigation.Replace(("open", null));

    private static int IndexOf(Page<CredentialRow> page, Guid id) => page.Items.TakeWhile(r => r.Id != id).Count();

    private string Position(Page<CredentialRow> page, Guid id) =>
        string.Create(CultureInfo.InvariantCulture, $"{From + IndexOf(page, id) + 1:N0} of {page.Count}");

    private void Step(int by)
    {
        if (Opened is { } open && _page is { } page)
        {
            var next = Math.Clamp(IndexOf(page, open.Id) + by, 0, page.Items.Count - 1);
            Navigation.Replace(("open", page.Items[next].Id.ToString()));
        }
    }
}
