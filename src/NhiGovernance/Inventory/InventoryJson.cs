using System.Buffers;
using System.Text;
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

    private static readonly string[] Words = Enum.GetNames<Knowledge>();

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>As the serializer would write it; by hand, because a poll writes hundreds of thousands.</summary>
    public static string WriteFacts(IReadOnlyDictionary<string, KnownValue> facts)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = Options.Encoder, SkipValidation = true }))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in facts)
            {
                writer.WriteStartObject(name);
                writer.WriteString("s"u8, Words[(int)value.State]);
                Write(writer, "v"u8, value.Text);
                if (value.Since is { } since)
                {
                    writer.WriteString("since"u8, since);
                }

                Write(writer, "p"u8, value.Permission);
                if (value.IsTally)
                {
                    writer.WriteBoolean("n"u8, true);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

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

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
