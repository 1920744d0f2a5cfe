using System.Text.Json;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Manage;

/// <summary>A source's settings as they are stored: a JSON object of strings, keys in order so that equal settings have equal text.</summary>
internal static class SourceSettingsJson
{
    public static string Write(IReadOnlyDictionary<string, string> values) =>
        JsonSerializer.Serialize(new SortedDictionary<string, string>(values.ToDictionary(v => v.Key, v => v.Value), StringComparer.Ordinal));

    public static SourceSettings Read(string json) => new(JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? []);
}
