using System.Text;
using System.Text.Json;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Resources;

/// <summary>
/// A fact that is a list. A long one was cut where its text is kept (4,000 characters): what is whole is read, and
/// <see cref="IsCut"/> says that there was more.
/// </summary>
public sealed record FactList(IReadOnlyList<JsonElement> Items, bool IsCut)
{
    private static readonly FactList Nothing = new([], false);

    /// <summary>Empty when the fact is missing, is no list, or has no value.</summary>
    public static FactList Read(KnownValue? value)
    {
        if (value is not { State: Knowledge.Value, Text: { Length: > 1 } text } || text[0] != '[')
        {
            return Nothing;
        }

        var items = new List<JsonElement>();
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                using var item = JsonDocument.ParseValue(ref reader);
                items.Add(item.RootElement.Clone());
            }
        }
        catch (JsonException)
        {
            return new FactList(items, IsCut: true);
        }

        return new FactList(items, IsCut: false);
    }

    /// <summary>The texts of one property, or of the items themselves when <paramref name="property"/> is null.</summary>
    public IEnumerable<string> Texts(string? property = null) =>
        Items.Select(i => property is null ? Text(i) : Text(i, property)).OfType<string>();

    /// <summary>"3", or "at least 3" of a list that was cut.</summary>
    public string Count() => IsCut ? $"at least {Items.Count}" : $"{Items.Count}";

    public static string? Text(JsonElement item, string property) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(property, out var value) ? Text(value) : null;

    public static bool Flag(JsonElement item, string property) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };
}
