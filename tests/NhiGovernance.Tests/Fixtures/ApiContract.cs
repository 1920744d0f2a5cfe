using System.Text.Json;

namespace NhiGovernance.Tests.Fixtures;

/// <summary>The API's own document, to hold answers against: is this status one of the documented, and has the body its shape?</summary>
public sealed class ApiContract(JsonDocument document)
{
    private readonly List<(string[] Segments, JsonElement Item)> _paths =
    [
        .. document.RootElement.GetProperty("paths").EnumerateObject().Select(p => (p.Name.Trim('/').Split('/'), p.Value))
            .OrderBy(p => p.Item1.Count(s => s.StartsWith('{'))),
    ];

    public JsonElement Root => document.RootElement;

    /// <summary>The operation that answers this address; null when none is documented.</summary>
    public JsonElement? Find(string method, string path)
    {
        var segments = path.Split('?')[0].Trim('/').Split('/');
        foreach (var (template, item) in _paths)
        {
            if (template.Length == segments.Length && template.Zip(segments).All(s => s.First.StartsWith('{') || s.First.Equals(s.Second, StringComparison.OrdinalIgnoreCase))
                && item.TryGetProperty(method.ToLowerInvariant(), out var operation))
            {
                return operation;
            }
        }

        return null;
    }

    /// <summary>What is wrong with an answer; empty when the document says just this.</summary>
    public List<string> Faults(JsonElement operation, int status, string? contentType, string? body)
    {
        if (!operation.GetProperty("responses").TryGetProperty(status.ToString(System.Globalization.CultureInfo.InvariantCulture), out var response))
        {
            return [$"{status} is not documented"];
        }

        if (!response.TryGetProperty("content", out var content))
        {
            return string.IsNullOrEmpty(body) ? [] : [$"{status} has a body, and none is documented"];
        }

        if (contentType is null || !content.TryGetProperty(contentType, out var media))
        {
            return [$"{status} has the content type {contentType ?? "none"}, documented is {string.Join(", ", content.EnumerateObject().Select(c => c.Name))}"];
        }

        var faults = new List<string>();
        if (contentType.EndsWith("json", StringComparison.Ordinal) && contentType != "application/x-ndjson" && body is not null)
        {
            using var value = JsonDocument.Parse(body);
            Walk(media.GetProperty("schema"), value.RootElement, status + " $", faults);
        }

        return faults;
    }

    /// <summary>JSON Schema as far as the document uses it; and stricter: a property that is not documented is a fault.</summary>
    public void Walk(JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            Walk(Resolve(reference.GetString()!), value, at, faults);
            return;
        }

        if (schema.TryGetProperty("oneOf", out var choices))
        {
            var fits = choices.EnumerateArray().Count(c =>
            {
                var own = new List<string>();
                Walk(c, value, at, own);
                return own.Count == 0;
            });
            if (fits != 1)
            {
                // The last one is the shape; the first is null.
                Walk(choices[choices.GetArrayLength() - 1], value, at, faults);
            }

            return;
        }

        if (!schema.TryGetProperty("type", out var type))
        {
            faults.Add($"{at}: the document says nothing of it");
            return;
        }

        string[] types = type.ValueKind == JsonValueKind.String ? [type.GetString()!] : [.. type.EnumerateArray().Select(t => t.GetString()!)];
        if (!types.Contains(TypeOf(value)) && !(TypeOf(value) == "integer" && types.Contains("number")))
        {
            faults.Add($"{at}: is {TypeOf(value)}, documented is {string.Join(" or ", types)}");
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WalkObject(schema, value, at, faults);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Walk(schema.GetProperty("items"), item, at + "[]", faults);
                }

                break;
            case JsonValueKind.String:
                WalkText(schema, value, at, faults);
                break;
        }
    }

    private void WalkObject(JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        var hasFields = schema.TryGetProperty("properties", out var fields);
        var hasRest = schema.TryGetProperty("additionalProperties", out var rest);
        foreach (var property in value.EnumerateObject())
        {
            if (hasFields && fields.TryGetProperty(property.Name, out var field))
            {
                Walk(field, property.Value, $"{at}.{property.Name}", faults);
            }
            else if (hasRest)
            {
                Walk(rest, property.Value, $"{at}.*", faults);
            }
            else
            {
                faults.Add($"{at}.{property.Name}: is not documented");
            }
        }

        if (schema.TryGetProperty("required", out var required))
        {
            faults.AddRange(required.EnumerateArray().Select(r => r.GetString()!).Where(r => !value.TryGetProperty(r, out _)).Select(r => $"{at}.{r}: is documented as always there"));
        }
    }

    private static void WalkText(JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(w => w.GetString() == value.GetString()))
        {
            faults.Add($"{at}: {value.GetString()} is none of the documented words");
        }

        var fits = (schema.TryGetProperty("format", out var format) ? format.GetString() : null) switch
        {
            "uuid" => value.TryGetGuid(out _),
            "date-time" => value.TryGetDateTimeOffset(out var at2) && at2.Offset == TimeSpan.Zero,
            "date" => DateOnly.TryParse(value.GetString(), System.Globalization.CultureInfo.InvariantCulture, out _),
            _ => true,
        };
        if (!fits)
        {
            faults.Add($"{at}: {value.GetString()} is no {format.GetString()} in UTC");
        }
    }

    private JsonElement Resolve(string reference) => reference[2..].Split('/').Aggregate(Root, (at, part) => at.GetProperty(part));

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };
}
