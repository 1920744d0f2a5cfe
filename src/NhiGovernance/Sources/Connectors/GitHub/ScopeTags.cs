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
    private const int MostUses = 5_000;

    /// <summary>When something was last seen in use, by its join key or natural key: where GitHub forgets it, or tells it in another list.</summary>
    public Dictionary<string, DateTimeOffset> Used { get; init; } = [];

    /// <summary>Ephemeral runners, kept by themselves: a change of settings or of a name is none of theirs.</summary>
    [JsonIgnore]
    public Dictionary<string, RunnerPool> Pools { get; set; } = [];

    /// <summary>Where the audit log goes on: a path below the API's root, never an address.</summary>
    public string? AuditCursor { get; set; }

    /// <summary>The newest event of the audit log that was read.</summary>
    public DateTimeOffset? AuditReadTo { get; set; }

    /// <summary>The lists of this run that they speak of.</summary>
    [JsonIgnore]
    public List<Contract.Scope> Of { get; } = [];

    /// <summary>True when this run learned of uses: lists that show them are not "as last time".</summary>
    [JsonIgnore]
    public bool HasNewUses { get; private set; }

    /// <summary>The latest of what is seen now and what was seen before; null when nobody ever saw it in use.</summary>
    public DateTimeOffset? LastUse(string key, DateTimeOffset? seen = null)
    {
        lock (Used)
        {
            var known = Used.TryGetValue(key, out var before) ? before : (DateTimeOffset?)null;
            if (seen is { } now && (known is null || now > known))
            {
                Used[key] = now;
                HasNewUses = true;
                return now;
            }

            return known;
        }
    }

    /// <param name="isCurrent">False when the inventory holds newer things than these tags: then they prove nothing. Uses and positions stay.</param>
    public static PlaceTags Read(string? raw, string form, bool isCurrent)
    {
        try
        {
            if (raw is not null && JsonSerializer.Deserialize(raw, TagsJson.Default.PlaceTags) is { Scopes: not null } read && read.Form == form)
            {
                foreach (var (kind, tags) in isCurrent ? [] : read.Scopes.ToList())
                {
                    read.Scopes[kind] = tags with { Requests = [] };
                }

                return read;
            }
        }
        catch (JsonException)
        {
            // Written by another version: read in full.
        }

        return new(form, []);
    }

    public string Write()
    {
        if (Used.Count > MostUses)
        {
            foreach (var old in Used.OrderBy(u => u.Value).Take(Used.Count - MostUses).Select(u => u.Key).ToList())
            {
                Used.Remove(old);
            }
        }

        return JsonSerializer.Serialize(this, TagsJson.Default.PlaceTags);
    }
}

[JsonSerializable(typeof(PlaceTags))]
internal sealed partial class TagsJson : JsonSerializerContext;
