using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Web.Shell.Frame;

namespace NhiGovernance.Web.Catalogue;

/// <summary>Teams by key or name, for the palette: who answers for things.</summary>
internal sealed class TeamPaletteSource(ListTeams teams) : IPaletteSource
{
    public string Group => "Teams";

    public int Order => 20;

    public async Task<IReadOnlyList<PaletteHit>> FindAsync(string text, CancellationToken cancellationToken)
    {
        var found = await teams.RunAsync(new CatalogueList(text, Limit: 5), cancellationToken);
        return found.IsOk
            ? [.. found.Value.Items.Select(t => new PaletteHit(t.Name, $"/teams/{t.Key}", "people", t.Contact))]
            : [];
    }
}
