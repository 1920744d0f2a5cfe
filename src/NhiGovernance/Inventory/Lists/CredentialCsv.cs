namespace NhiGovernance.Inventory.Lists;

/// <summary>Credentials as CSV: every column, or those that the list shows. Metadata only, as everywhere.</summary>
public static class CredentialCsv
{
    private static readonly CsvColumns<CredentialRow> s_columns = new(
    [
        new("", "id", r => r.Id.ToString()),
        new("", "name", r => r.Name),
        new("", "kind", r => r.Kind.ToString()),
        new("", "identity_id", r => r.IdentityId.ToString()),
        new("", "identity", r => r.IdentityName),
        new("state", "state", r => r.Presence.ToString()),
        new("state", "disabled", r => CsvValue.Text(r.Disabled)),
        new("expires", "expires", r => CsvValue.Text(r.Expires)),
        new("used", "last_used", r => CsvValue.Text(r.LastUsed)),
        new("changed", "key_changed", r => r.MaterialChangedAt switch
        {
            null => "not exposed",
            { } at when at > r.FirstSeenAt => CsvValue.Text(at),
            { } first => $"not since {CsvValue.Text(first)}",
        }),
        new("created", "created", r => CsvValue.Text(r.CreatedAt)),
        new("keys", "key_ids", r => string.Join(' ', r.KeyIds)),
        new("seen", "first_seen", r => CsvValue.Text(r.FirstSeenAt)),
        new(null, "last_seen", r => CsvValue.Text(r.LastSeenAt)),
        new("state", "missing_since", r => CsvValue.Text(r.MissingSince)),
    ]);

    /// <param name="writer">Takes the line.</param>
    /// <param name="columns">The list's columns as <c>cols</c> names them; null or empty: all.</param>
    public static void WriteHead(TextWriter writer, IReadOnlySet<string>? columns = null) => s_columns.WriteHead(writer, columns);

    public static void Write(TextWriter writer, CredentialRow row, IReadOnlySet<string>? columns = null) => s_columns.Write(writer, row, columns);
}
