using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;

namespace NhiGovernance.Web.Hosting.Api;

/// <summary>
/// The shapes of one document, from the serializer's own contracts (so what is said is what is written) and the code's own words. A type
/// that it does not know is a fault at once: a guess in the document would be believed.
/// </summary>
internal sealed class ApiSchemas(JsonSerializerOptions json, XmlDocs docs, OpenApiDocument document)
{
    private static readonly Dictionary<Type, (JsonSchemaType Type, string? Format, string? Says)> Plain = new()
    {
        [typeof(string)] = (JsonSchemaType.String, null, null),
        [typeof(bool)] = (JsonSchemaType.Boolean, null, null),
        [typeof(byte)] = (JsonSchemaType.Integer, "int32", null),
        [typeof(int)] = (JsonSchemaType.Integer, "int32", null),
        [typeof(long)] = (JsonSchemaType.Integer, "int64", null),
        [typeof(double)] = (JsonSchemaType.Number, "double", null),
        [typeof(decimal)] = (JsonSchemaType.Number, null, null),
        [typeof(Guid)] = (JsonSchemaType.String, "uuid", null),
        [typeof(DateTimeOffset)] = (JsonSchemaType.String, "date-time", "RFC 3339, UTC."),
        [typeof(DateOnly)] = (JsonSchemaType.String, "date", "A day, UTC."),
        [typeof(TimeSpan)] = (JsonSchemaType.String, "duration", "[days.]hh:mm:ss[.fraction]."),
        [typeof(Uri)] = (JsonSchemaType.String, "uri", null),
    };

    private readonly NullabilityInfoContext _nullability = new();
    private readonly Dictionary<string, Type> _owners = new(StringComparer.Ordinal);

    /// <summary>Every named shape, by name.</summary>
    public SortedDictionary<string, IOpenApiSchema> All { get; } = new(StringComparer.Ordinal);

    /// <param name="read">True for what a caller sends: then only what is asked for is required. What we answer is always there.</param>
    public IOpenApiSchema Of(Type type, bool read, string? says = null)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return OrNull(Of(value, read, says));
        }

        if (Plain.TryGetValue(type, out var plain))
        {
            return new OpenApiSchema { Type = plain.Type, Format = plain.Format, Description = Join(says, plain.Says) };
        }

        var shape = json.GetTypeInfo(type);
        return shape.Kind switch
        {
            JsonTypeInfoKind.Object => Named(shape, read, says),
            JsonTypeInfoKind.Enumerable => new OpenApiSchema { Type = JsonSchemaType.Array, Items = Of(shape.ElementType!, read), Description = Join(says) },
            JsonTypeInfoKind.Dictionary => new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Of(shape.ElementType!, read), Description = Join(says) },
            _ when type.IsEnum => Words(type, says),
            _ => throw new NotSupportedException($"{type} has a converter of its own; say its shape in {nameof(ApiSchemas)}."),
        };
    }

    public IOpenApiSchema Refer(string name, string? says = null) => new OpenApiSchemaReference(name, document) { Description = says };

    private OpenApiSchemaReference Words(Type type, string? says)
    {
        var name = NameOf(type, false);
        if (!All.ContainsKey(name))
        {
            var values = Enum.GetNames(type);
            var said = values.Select(v => (Value: v, Means: docs.OfValue(type, v))).Where(v => v.Means.Length > 0).Select(v => $"- `{v.Value}`: {v.Means}");
            All[name] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = [.. values.Select(v => (JsonNode)JsonValue.Create(v))],
                Description = string.Join('\n', said.Prepend(docs.Of(type)).Where(t => t.Length > 0)) is { Length: > 0 } text ? text : null,
            };
        }

        return new OpenApiSchemaReference(name, document) { Description = Join(says) };
    }

    private OpenApiSchemaReference Named(JsonTypeInfo shape, bool read, string? says)
    {
        var asked = shape.Properties.Where(p => p.IsRequired).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var answered = shape.Properties.Where(p => p.Get is not null && p.ShouldSerialize is null).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var name = NameOf(shape.Type, read && !asked.SetEquals(answered) && !IsOnlyRead(shape.Type));
        if (!All.ContainsKey(name))
        {
            var schema = new OpenApiSchema { Type = JsonSchemaType.Object, Description = Join(docs.Of(shape.Type)), Required = read ? asked : answered };

            // First the name, then what is inside: a shape may hold itself.
            All[name] = schema;
            schema.Properties = shape.Properties.Where(p => read || p.Get is not null).ToDictionary(p => p.Name, p => Property(p, read), StringComparer.Ordinal);
        }

        return new OpenApiSchemaReference(name, document) { Description = Join(says) };
    }

    private IOpenApiSchema Property(JsonPropertyInfo property, bool read)
    {
        var declared = property.AttributeProvider as PropertyInfo;
        var schema = Of(property.PropertyType, read, declared is null ? null : docs.Of(declared));
        return !property.PropertyType.IsValueType && declared is not null && _nullability.Create(declared).ReadState == NullabilityState.Nullable ? OrNull(schema) : schema;
    }

    private static IOpenApiSchema OrNull(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchema { Type: { } type } plain)
        {
            plain.Type = type | JsonSchemaType.Null;
            return plain;
        }

        return schema is OpenApiSchemaReference reference
            ? new OpenApiSchema { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, reference], Description = reference.Reference.Description }
            : schema;
    }

    private string NameOf(Type type, bool input)
    {
        var name = Simple(type) + (input ? "Input" : string.Empty);
        if (_owners.TryGetValue(name, out var owner) && owner != type)
        {
            name = type.Namespace!.Split('.')[^1] + name;
        }

        _owners[name] = type;
        return name;
    }

    private static string Simple(Type type) => type.IsConstructedGenericType
        ? string.Concat(type.GetGenericArguments().Select(Simple)) + type.Name.Split('`')[0].Replace("Answer", string.Empty, StringComparison.Ordinal)
        : type.Name;

    private static bool IsOnlyRead(Type type) =>
        type.Name.EndsWith("Body", StringComparison.Ordinal) || type.Name.EndsWith("Request", StringComparison.Ordinal);

    private static string? Join(params string?[] parts) =>
        string.Join(' ', parts.Where(p => !string.IsNullOrEmpty(p))) is { Length: > 0 } text ? text : null;
}
