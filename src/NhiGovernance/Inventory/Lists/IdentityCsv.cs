using System.Globalization;
using NhiGovernance.Common.Csv;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Lists;

/// <summary>Identities as CSV. What is not known says why in words; no cell is empty where a value could be known.</summary>
public static class IdentityCsv
{
    public static void WriteHead(TextWriter writer) => CsvText.WriteLine(
        writer, "id", "name", "kind", "provider", "source", "place_kind", "place", "team", "presence", "disabled", "alters_release", "privileged",
        "last_used", "expires", "credentials", "first_seen", "last_seen", "missing_since", "url");

    public static void Write(TextWriter writer, IdentityRow row) => CsvText.WriteLine(
        writer, row.Id.ToString(), row.Name, row.Kind.ToString(), row.Provider, row.SourceName, row.PlaceKind, row.PlacePath, row.Team?.Key,
        row.Presence.ToString(), Text(row.Disabled), Text(row.AltersRelease), Text(row.Privileged), Text(row.LastUsed), Text(row.Expires),
        row.Credentials.ToString(CultureInfo.InvariantCulture), Text(row.FirstSeenAt), Text(row.LastSeenAt), Text(row.MissingSince), row.Url);

    private static string Text(bool value) => value ? "true" : "false";

    private static string? Text(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? Text(KnownValue value) => value.State switch
    {
        Knowledge.Value => value.Text,
        Knowledge.Never => value.Since is null ? "never" : $"never since {Text(value.Since)}",
        Knowledge.UnknownBefore => $"none since {Text(value.Since)}, unknown before",
        Knowledge.NotExposed => "not exposed",
        Knowledge.Denied => $"denied: needs {value.Permission}",
        Knowledge.Redacted => "redacted",
        _ => throw new InvalidOperationException($"No text for {value.State}."),
    };
}
