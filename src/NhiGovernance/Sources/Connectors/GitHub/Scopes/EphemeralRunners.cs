using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub.Scopes;

/// <summary>
/// Runners that live for one job (just-in-time, scale sets) are not identities one by one: between two polls dozens come and go, and
/// none of that is a removal. What has the right to run jobs is what makes them, known by its group and labels; it stays while none of
/// its runners is up, for <see cref="Remembered"/>.
/// </summary>
/// <param name="owner">Whose they are, for good: "organization:42".</param>
/// <param name="inherited">Those of the enterprise's groups, which an organization sees in another list than its own.</param>
internal sealed partial class EphemeralRunners(ScopeReading reading, string owner, bool inherited = false)
{
    /// <summary>How long after its last runner was seen.</summary>
    internal static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    /// <summary>More sets of labels in one group are labels of single runners: from then on the group is one pool.</summary>
    internal const int MostInGroup = 50;

    private readonly Dictionary<string, (RunnerPool Pool, int Up)> _up = [];

    /// <summary>True when the runner is one of these.</summary>
    public bool Take(RunnerDocument runner)
    {
        if (runner.Ephemeral != true)
        {
            return false;
        }

        if (reading.Place.Pools.ContainsKey(KeyOf(runner.RunnerGroupId, null)))
        {
            Count(new RunnerPool([], null, runner.RunnerGroupId, reading.Now, IsGroup: true, inherited), 1);
            return true;
        }

        string[] labels = [.. (runner.Labels ?? []).Select(l => Label(Text.Clean(l.Name, 100))).Where(l => l.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        Count(new RunnerPool(labels, Text.Clean(runner.Os, 40), runner.RunnerGroupId, reading.Now, IsInherited: inherited), 1);
        return true;
    }

    /// <summary>After the last page: each pool that is up, or was within the time that is remembered.</summary>
    public IReadOnlyList<Observation> End(PlaceReference place, Func<long?, string> where)
    {
        var pools = reading.Place.Pools;
        foreach (var (key, (pool, _)) in _up)
        {
            pools[key] = pool;
        }

        bool IsMine(KeyValuePair<string, RunnerPool> pool) => pool.Value.IsInherited == inherited;
        foreach (var old in pools.Where(IsMine).Where(p => reading.Now - p.Value.UpAt > Remembered).Select(p => p.Key).ToList())
        {
            pools.Remove(old);
        }

        foreach (var group in pools.Where(IsMine).Where(p => !p.Value.IsGroup).GroupBy(p => p.Value.Group).Where(g => g.Count() > MostInGroup).ToList())
        {
            Count(new RunnerPool([], null, group.Key, group.Max(p => p.Value.UpAt), IsGroup: true, inherited), group.Sum(p => _up.GetValueOrDefault(p.Key).Up));
            pools[KeyOf(group.Key, null)] = _up[KeyOf(group.Key, null)].Pool;
            foreach (var (key, _) in group)
            {
                pools.Remove(key);
            }
        }

        return [.. pools.Where(IsMine).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => Map(p.Key, p.Value, _up.GetValueOrDefault(p.Key).Up, place, where(p.Value.Group)))];
    }

    private void Count(RunnerPool pool, int runners)
    {
        var key = KeyOf(pool.Group, pool.IsGroup ? null : pool.Labels);
        _up[key] = (pool, _up.GetValueOrDefault(key).Up + runners);
    }

    private string KeyOf(long? group, string[]? labels)
    {
        var same = $"{(inherited ? "inherited\n" : string.Empty)}{group?.ToString(CultureInfo.InvariantCulture)}\n{(labels is null ? "\n" : string.Join('\n', labels).ToLowerInvariant())}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(same)))[..16];
    }

    private IdentityObservation Map(string key, RunnerPool pool, int up, PlaceReference place, string where)
    {
        var facts = new Dictionary<string, KnownValue>
        {
            ["os"] = Text.Known(pool.Os),
            ["labels"] = pool.IsGroup ? KnownValue.Of("differ for each runner") : Text.Set(pool.Labels),
            ["ephemeral"] = KnownValue.Of(true),
            ["runnersUp"] = KnownValue.Tally(up),
            ["lastUp"] = KnownValue.Of(pool.UpAt) with { IsTally = true },
            ["group"] = Text.Known(pool.Group),
        };
        if (inherited)
        {
            facts["inherited"] = KnownValue.Of(true);
        }

        return new($"runner-pool:{owner}:{key}", IdentityKind.Runner, Name(pool), place)
        {
            CreatedAt = KnownValue.NotExposed,
            LastUsedAt = KnownValue.NotExposed,
            ExpiresAt = KnownValue.Never(),
            Grants = [new("runs jobs", where, AltersRelease: true)],
            Facts = facts,
        };
    }

    private static string Name(RunnerPool pool)
    {
        var own = string.Join(", ", pool.Labels.Where(l => !string.Equals(l, "self-hosted", StringComparison.OrdinalIgnoreCase)));
        return Text.Clean(pool.IsGroup && pool.Group is { } group ? $"ephemeral runners of group {group}" : own.Length > 0 ? $"ephemeral runners {own}" : "ephemeral runners", 200);
    }

    /// <summary>Some give each runner a label of its own, with the number of its job: those are one pool.</summary>
    private static string Label(string label) => OfOneRun().Replace(label, "*");

    [GeneratedRegex("[0-9]{5,}|[0-9a-f]{12,}(-[0-9a-f]{4,}){0,4}", RegexOptions.NonBacktracking)]
    private static partial Regex OfOneRun();
}
