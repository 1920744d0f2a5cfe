using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Git.Workflows;

/// <summary>
/// How findings of a file become facts: bounded JSON lists with line numbers. What goes in are names, references and lines;
/// never the text of a script or the value of an input, because people write secrets there.
/// </summary>
internal static class Emit
{
    public const int Most = 200;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>A JSON array, or "Never" for none: the file was read and holds no such thing.</summary>
    public static KnownValue List<T>(IEnumerable<T> items)
    {
        var kept = items.Take(Most).ToList();
        return kept.Count == 0 ? KnownValue.Never() : KnownValue.Of(JsonSerializer.Serialize(kept, Options));
    }

    /// <summary>The same, but none is "not exposed" when there may be some where nothing was read.</summary>
    public static KnownValue List<T>(IEnumerable<T> items, bool maybeMore) =>
        List(items) is var list && list.State == Knowledge.Never && maybeMore ? KnownValue.NotExposed : list;

    public static KnownValue Json<T>(T value) => KnownValue.Of(JsonSerializer.Serialize(value, Options));

    /// <summary>One line, bounded, no control characters, and a stand-in where it looks like a secret.</summary>
    public static string Short(string text) => SecretShapes.Mask(Objects.PersonStamp.Clean(text));
}
