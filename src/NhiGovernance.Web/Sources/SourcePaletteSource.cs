using NhiGovernance.Sources.Manage;
using NhiGovernance.Web.Shell.Frame;

namespace NhiGovernance.Web.Sources;

/// <summary>Sources by name, for the palette.</summary>
internal sealed class SourcePaletteSource(ListSources sources) : IPaletteSource
{
    public string Group => "Sources";

    public int Order => 40;

    public async Task<IReadOnlyList<PaletteHit>> FindAsync(string text, CancellationToken cancellationToken)
    {
        var found = await sources.RunAsync(new ListSourcesRequest(text, null, null, 5), cancellationToken);
        return found.IsOk
            ? [.. found.Value.Items.Select(s => new PaletteHit(s.Name, $"/sources/{s.Id}", s.Icon, s.ConnectorTitle))]
            : [];
    }
}
