using NhiGovernance.Inventory.Lists;

namespace NhiGovernance.Inventory.Resources;

/// <summary>Resources as CSV: every column, or those that the list shows. Risks stand there in the words of the pages.</summary>
public static class ResourceCsv
{
    private static readonly CsvColumns<ResourceRow> s_columns = new(
    [
        new("", "id", r => r.Id.ToString()),
        new("", "name", r => r.Name),
        new("kind", "kind", r => r.Kind.ToString()),
        new("risk", "risks", r => string.Join("; ", r.Risks.Select(f => f.Words))),
        new(null, "provider", r => r.Provider),
        new("source", "source", r => r.SourceName),
        new(null, "place_kind", r => r.PlaceKind),
        new("", "place", r => r.PlacePath),
        new("service", "service", r => r.Service?.Key),
        new("product", "product", r => r.Product?.Key),
        new("environment", "environments", r => string.Join(' ', r.Environments.Select(e => e.Key))),
        new("owner", "team", r => r.Team?.Key),
        new("state", "state", r => r.Presence.ToString()),
        new("seen", "first_seen", r => CsvValue.Text(r.FirstSeenAt)),
        new("changed", "changed", r => CsvValue.Text(r.ChangedAt)),
        new(null, "last_seen", r => CsvValue.Text(r.LastSeenAt)),
        new("state", "missing_since", r => CsvValue.Text(r.MissingSince)),
        new(null, "url", r => r.Url),
    ]);

    /// <param name="writer">Takes the line.</param>
    /// <param name="columns">The list's columns as <c>cols</c> names them; null or empty: all.</param>
    public static void WriteHead(TextWriter writer, IReadOnlySet<string>? columns = null) => s_columns.WriteHead(writer, columns);

    public static void Write(TextWriter writer, ResourceRow row, IReadOnlySet<string>? columns = null) => s_columns.Write(writer, row, columns);
}
