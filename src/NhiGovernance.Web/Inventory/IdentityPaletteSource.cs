using NhiGovernance.Inventory;
using NhiGovernance.Inventory.Filtering;
using NhiGovernance.Web.Shell.Frame;

namespace NhiGovernance.Web.Inventory;

/// <summary>Identities by name or place, for the palette.</summary>
internal sealed class IdentityPaletteSource(ListIdentities identities) : IPaletteSource
{
    public string Group => "Identities";

    public int Order => 10;

    public async Task<IReadOnlyList<PaletteHit>> FindAsync(string text, CancellationToken cancellationToken)
    {
        var found = await identities.RunAsync(new ListIdentitiesRequest(new IdentityFilter { Text = text }, Limit: 5), cancellationToken);
        return found.IsOk
            ? [.. found.Value.Items.Select(i => new PaletteHit(
                i.Name, $"/identities/{i.Id}", InventoryWords.Icon(i.Kind), i.PlacePath.Length > 0 ? i.PlacePath : i.SourceName))]
            : [];
    }
}
