using System.Text.Json;
using System.Text.Json.Serialization;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>One request of a complete reading, with the entity tag of its answer.</summary>
internal sealed record RequestTag(string Path, string ETag)
{
    public void Deconstruct(out string path, out string etag) => (path, etag) = (Path, ETag);
}

/// <summary>What a complete reading of a scope left behind.</summary>
/// <param name="Items">How many things it listed.</param>
/// <param name="Requests">Empty when nothing can be proven by tags.</param>
internal sealed record ScopeTags(DateTimeOffset ReadAt, int Items, IReadOnlyList<RequestTag> Requests);

/// <summary>All scopes of one place, by kind; one entry of the source's memory.</summary>
/// <param name="Form">Which version of the mappers, and which settings, it was read with: others read in full.</param>
internal sealed record PlaceTags(string Form, Dictionary<string, ScopeTags> Scopes)
{
    public static PlaceTags Read(string? raw, string form)
    {
        try
        {
            if (raw is not null && JsonSerializer.Deserialize(raw, TagsJson.Default.PlaceTags) is { Scopes: not null } read && read.Form == form)
            {
                return read;
            }
        }
        catch (JsonException)
        {
            // Written by another version: read in full.
        }

        return new(form, []);
    }

    public string Write() => JsonSerializer.Serialize(this, TagsJson.Default.PlaceTags);
}

[JsonSerializable(typeof(PlaceTags))]
internal sealed partial class TagsJson : JsonSerializerContext;
