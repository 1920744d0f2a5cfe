using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory;

/// <summary>How known values, grants and lists of keys stand in their JSON columns.</summary>
internal static class InventoryJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter<Knowledge>() },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static string WriteFacts(IReadOnlyDictionary<string, KnownValue> facts) => JsonSerializer.Serialize(facts, Options);

    public static string WriteValue(KnownValue value) => JsonSerializer.Serialize(value, Options);

    public static IReadOnlyDictionary<string, KnownValue> ReadFacts(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, KnownValue>>(json, Options) ?? [];

    public static IReadOnlyList<GrantObservation> ReadGrants(string json) => JsonSerializer.Deserialize<List<GrantObservation>>(json, Options) ?? [];

    public static IReadOnlyList<string> ReadList(string json) => JsonSerializer.Deserialize<List<string>>(json, Options) ?? [];

    /// <summary>Null when there is none, or when it cannot be read any more.</summary>
    public static KnownValue? ReadValue(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize<KnownValue>(json, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The fact, or "not exposed" when the connector said nothing of it.</summary>
    public static KnownValue Fact(this IReadOnlyDictionary<string, KnownValue> facts, string name) =>
        facts.TryGetValue(name, out var value) ? value : KnownValue.NotExposed;
}
