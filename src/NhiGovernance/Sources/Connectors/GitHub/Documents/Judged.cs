using System.Text.Json;
using System.Text.Json.Serialization;

namespace NhiGovernance.Sources.Connectors.GitHub.Documents;

/// <summary>Of a value that nobody may keep, only that there is one: it is dropped while the answer is parsed.</summary>
internal sealed class IsSet : JsonConverter<bool>
{
    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var isSet = reader.TokenType != JsonTokenType.Null
            && (reader.TokenType != JsonTokenType.String || reader.HasValueSequence || reader.ValueSpan.Length > 0);
        reader.Skip();
        return isSet;
    }

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}

/// <summary>Of a value that is in the clear at GitHub, only whether it looks like a secret: it goes no further than this method.</summary>
internal sealed class LooksLikeSecret : JsonConverter<bool>
{
    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var looks = reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } value && SecretShapes.Is(value);
        reader.Skip();
        return looks;
    }

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}
