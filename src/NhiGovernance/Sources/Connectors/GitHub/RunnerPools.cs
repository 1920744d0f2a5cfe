using System.Text.Json;
using System.Text.Json.Serialization;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>What one set of ephemeral runners has in common.</summary>
/// <param name="UpAt">When one of them was last seen.</param>
/// <param name="IsGroup">All of its group, whose labels are too many to be kept apart; then <paramref name="Labels"/> is empty.</param>
/// <param name="IsInherited">Of the enterprise: another list than the organization's own tells of it.</param>
internal sealed record RunnerPool(string[] Labels, string? Os, long? Group, DateTimeOffset UpAt, bool IsGroup = false, bool IsInherited = false);

/// <summary>
/// Remembers the ephemeral runners of an organization or repository: none may be up while it is read. Lasting, by the id of their owner.
/// </summary>
internal static class RunnerPools
{
    private static string Key(string owner) => $"{IReadMemory.Lasting}github/runner-pools/{owner}";

    public static async Task LoadAsync(IReadMemory memory, string owner, PlaceTags into, CancellationToken cancellationToken)
    {
        try
        {
            into.Pools = await memory.GetAsync(Key(owner), cancellationToken) is { } raw
                ? JsonSerializer.Deserialize(raw, RunnerPoolsJson.Default.DictionaryStringRunnerPool) ?? [] : [];
        }
        catch (JsonException)
        {
            into.Pools = [];
        }
    }

    /// <summary>What to remember; null: nothing, as before.</summary>
    public static async Task<Item.Memory?> ChangedAsync(IReadMemory memory, string owner, PlaceTags tags, CancellationToken cancellationToken)
    {
        var text = tags.Pools.Count == 0 ? null : JsonSerializer.Serialize(tags.Pools, RunnerPoolsJson.Default.DictionaryStringRunnerPool);
        return text == await memory.GetAsync(Key(owner), cancellationToken) ? null : new Item.Memory(Key(owner), text, tags.Of);
    }
}

[JsonSerializable(typeof(Dictionary<string, RunnerPool>))]
internal sealed partial class RunnerPoolsJson : JsonSerializerContext;
