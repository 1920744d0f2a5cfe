using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace NhiGovernance.Web.Hosting.Api;

/// <summary>An example of a shape: what stands where, with made-up values.</summary>
internal static class ApiSamples
{
    private const int Deepest = 5;

    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["key"] = "payments", ["name"] = "Payments", ["email"] = "ada@example.com", ["connector"] = "github", ["team"] = "payments", ["product"] = "shop",
        ["kind"] = "repository", ["pattern"] = "acme/ledger", ["contact"] = "#payments", ["provider"] = "github", ["filter"] = "kind=DeployKey&team=none", ["next"] = "cursor-of-the-next-page",
        ["action"] = "team.create", ["targetKind"] = "team",
    };

    public static JsonNode? Of(IOpenApiSchema schema, ApiSchemas all, string name = "", int depth = 0)
    {
        if (schema is OpenApiSchemaReference reference)
        {
            return all.All.TryGetValue(reference.Reference.Id!, out var named) ? Of(named, all, name, depth + 1) : null;
        }

        if (schema.OneOf is { Count: > 0 } choices)
        {
            return depth > Deepest ? null : Of(choices[^1], all, name, depth);
        }

        return (schema.Type & ~JsonSchemaType.Null) switch
        {
            JsonSchemaType.Object => Object(schema, all, depth),
            JsonSchemaType.Array => depth > Deepest || Of(schema.Items!, all, name, depth + 1) is not { } item ? new JsonArray() : new JsonArray(item),
            JsonSchemaType.Boolean => JsonValue.Create(false),
            JsonSchemaType.Integer => JsonValue.Create(name is "minutes" or "intervalMinutes" ? 60 : 1),
            JsonSchemaType.Number => JsonValue.Create(1.5),
            JsonSchemaType.String => JsonValue.Create(Text(schema, name)),
            _ => null,
        };
    }

    private static JsonObject Object(IOpenApiSchema schema, ApiSchemas all, int depth)
    {
        var made = new JsonObject();
        foreach (var (name, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            made[name] = depth > Deepest && property is not OpenApiSchema { Properties: null, Items: null } ? null : Of(property, all, name, depth);
        }

        return made;
    }

    private static string Text(IOpenApiSchema schema, string name) => schema switch
    {
        { Enum: [var first, ..] } => first.GetValue<string>(),
        { Format: "uuid" } => "01a1ff7e-9cbc-7abd-b278-320321f0f022",
        { Format: "date-time" } => "2026-11-21T09:30:00+00:00",
        { Format: "date" } => "2026-11-21",
        { Format: "duration" } => "01:00:00",
        _ => Known.GetValueOrDefault(name, "…"),
    };
}
