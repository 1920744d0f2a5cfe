using System.Text.Json;
using System.Text.Json.Serialization;

namespace NhiGovernance.Sources.Contract;

/// <summary>
/// One list that a run is to read, when it is not to read everything: "deploy-keys" of "acme/ledger". A connector that is given some
/// starts these and no others; a list that it does not start is then neither complete nor gone.
/// </summary>
/// <param name="Place">The scope's place, as the source calls it.</param>
/// <param name="Kind">The scope's kind.</param>
public sealed record ReadTarget(string Place, string Kind)
{
    /// <summary>More than this is read in one go: everything.</summary>
    public const int Most = 50;

    /// <summary>How often it was asked for and could not be read.</summary>
    public int Tries { get; init; }

    /// <summary>When it is to be asked for again; null: as soon as may be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Due { get; init; }

    public static string Write(IEnumerable<ReadTarget> targets) => JsonSerializer.Serialize(targets);

    /// <summary>Null: everything. What cannot be read asks for everything too.</summary>
    public static IReadOnlyList<ReadTarget>? Read(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize<List<ReadTarget>>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What two requests together ask for; null: everything. Who asks anew gives a list all its tries again.</summary>
    public static IReadOnlyList<ReadTarget>? Union(IReadOnlyList<ReadTarget>? one, IReadOnlyList<ReadTarget>? other)
    {
        if (one is null || other is null)
        {
            return null;
        }

        var both = one.Concat(other).GroupBy(t => (t.Place, t.Kind)).Select(g => g.MinBy(t => t.Tries)!).ToList();
        return both.Count <= Most ? both : null;
    }
}
