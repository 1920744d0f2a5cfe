using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;

namespace NhiGovernance.Common.Sealing;

/// <summary>
/// Are the keys there with which something is sealed? Asked before anything serves, because a process without them would seal new
/// values under a key that no other process has; and by <c>/readyz</c>, because a folder can be unmounted at any time.
/// </summary>
public sealed class KeyCheck(
    IKeyRing ring, IEnumerable<ISealedStore> stores, ISealer sealer, IDbContextFactory<GovernanceDb> contexts, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private sealed record Looked(long At, KeyUnusableException? Fault);

    private Looked? _last;

    /// <summary>Null when all is well. The message is one line: what is missing, where it was looked for, and what to do.</summary>
    public async Task<KeyUnusableException?> FindFaultAsync(CancellationToken cancellationToken)
    {
        var used = new Dictionary<string, SortedDictionary<string, int>>(StringComparer.Ordinal);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var store in stores)
        {
            await foreach (var row in SealedValues.AllAsync(store, db, 500, cancellationToken))
            {
                var key = sealer.KeyIdOf(row.Sealed);
                var counts = used.TryGetValue(key, out var there) ? there : used[key] = new(StringComparer.Ordinal);
                counts[store.Name] = counts.GetValueOrDefault(store.Name) + 1;
            }
        }

        if (await ring.FindCurrentKeyIdAsync(cancellationToken) is { } current)
        {
            used.TryAdd(current, []);
        }

        var lost = new List<string>();
        foreach (var (key, counts) in used.OrderBy(u => u.Key, StringComparer.Ordinal))
        {
            try
            {
                await ring.ProbeAsync(key, cancellationToken);
            }
            catch (KeyLostException)
            {
                lost.Add(counts.Count == 0 ? key : $"{key} (with it: {string.Join(", ", counts.Select(c => $"{c.Key}: {c.Value}"))})");
            }
            catch (KeyUnusableException fault)
            {
                return fault;
            }
        }

        return lost.Count == 0 ? null : new KeysLostException(lost, ring.Place);
    }

    /// <summary>The same, looked up at most every ten seconds.</summary>
    public async Task<KeyUnusableException?> FindFaultSoonAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _last) is { } last && clock.GetElapsedTime(last.At) < Fresh)
        {
            return last.Fault;
        }

        var fault = await FindFaultAsync(cancellationToken);
        Volatile.Write(ref _last, new Looked(clock.GetTimestamp(), fault));
        return fault;
    }
}

/// <summary>What is sealed in the database was sealed with keys that this process does not have.</summary>
public sealed class KeysLostException(IReadOnlyList<string> keys, string place) : KeyUnusableException(
    $"Keys: not in {place}: {string.Join("; ", keys)}. Put the key files back from your backup, or point Keys:Folder to the folder that "
    + "all processes of this installation share. If they are lost for good: ./run.sh keys reset --drop-sealed");
