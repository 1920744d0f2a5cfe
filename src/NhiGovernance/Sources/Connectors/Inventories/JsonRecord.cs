using System.Buffers;
using System.Text;
using System.Text.Json;

namespace NhiGovernance.Sources.Connectors.Inventories;

/// <summary>One object of a list: its properties as the columns of a row, or the reason why it is refused.</summary>
internal static class JsonRecord
{
    public static InventoryRecord Read(RecordKind kind, int line, ReadOnlySequence<byte> json)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            foreach (var property in document.RootElement.EnumerateObject())
            {
                var name = InventorySchema.Normalize(property.Name);
                if (InventorySchema.IsSecretColumn(property.Name))
                {
                    return new InventoryRecord(kind, line, values, $"{InventoryText.Quote(property.Name)} would hold a secret; nothing of the object was kept");
                }

                if (Text(property.Value) is not { } text)
                {
                    return new InventoryRecord(kind, line, values, $"{InventoryText.Quote(property.Name)} is neither text, number, true or false, nor a list of texts");
                }

                if (text.Length > 0 && !values.TryAdd(name, text))
                {
                    return new InventoryRecord(kind, line, values, $"{InventoryText.Quote(property.Name)} stands twice");
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            return new InventoryRecord(kind, line, values, "it is nested too deeply or its text is not UTF-8");
        }

        return new InventoryRecord(kind, line, values);
    }

    /// <summary>Lists become one text with "|" between, as in CSV. Null: no shape that is allowed.</summary>
    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Array when value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String) =>
            string.Join('|', value.EnumerateArray().Select(v => v.GetString())),
        _ => null,
    };
}
