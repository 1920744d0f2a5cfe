using System.Collections.Concurrent;
using NhiGovernance.Data;

namespace NhiGovernance.Inventory.Lists;

/// <summary>
/// Remembers counts while reading them is slow (all identities, those of a product or an environment, the facets of resources): at a
/// million rows it takes some tenths of a second, which every open page would pay again. Forgotten at once when a signal says that the inventory changed, and in any case after
/// twenty times of what the reading took, so that a poll in progress shows too. Below <see cref="Slow"/> nothing is remembered.
/// </summary>
public sealed class CountMemory(TimeProvider clock) : IHearChanges, IDisposable
{
    internal static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(50);

    private const int Times = 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private const int Most = 100;

    /// <summary>By name, so that the same is read once at a time, and most others beside it.</summary>
    private readonly SemaphoreSlim[] _reading = [.. Enumerable.Range(0, 32).Select(_ => new SemaphoreSlim(1))];
    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private long _changes;

    public void Hear(ChangeSignal signal)
    {
        if (signal.Topic is "inventory" or "catalogue")
        {
            Interlocked.Increment(ref _changes);
        }
    }

    /// <summary>
    /// The counts as remembered, or as <paramref name="read"/> finds them. Pages that ask meanwhile wait for the one reading.
    /// Only of those who see all: what is remembered knows no actor.
    /// </summary>
    /// <param name="of">What is counted, and under which filter in its text form; one name holds one type.</param>
    /// <param name="read">Asks this memory for nothing: two names may wait for each other.</param>
    internal async Task<T> GetAsync<T>(string of, Func<Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        if (Current<T>(of) is { } counts)
        {
            return counts;
        }

        var gate = _reading[(uint)of.GetHashCode(StringComparison.Ordinal) % _reading.Length];
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (Current<T>(of) is { } found)
            {
                return found;
            }

            // Taken before reading: a change that comes meanwhile makes what is read old.
            var (changes, start) = (Interlocked.Read(ref _changes), clock.GetTimestamp());
            var fresh = await read();
            var took = clock.GetElapsedTime(start);
            Keep(of, took < Slow ? null : new Kept(fresh, changes, clock.GetUtcNow() + Shorter(took * Times, Longest)));
            return fresh;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => Array.ForEach(_reading, r => r.Dispose());

    private T? Current<T>(string of)
        where T : class =>
        _kept.TryGetValue(of, out var kept) && IsFresh(kept) ? (T)kept.Counts : null;

    private bool IsFresh(Kept kept) => kept.Changes == Interlocked.Read(ref _changes) && clock.GetUtcNow() < kept.Until;

    private void Keep(string of, Kept? kept)
    {
        foreach (var old in _kept.Where(k => !IsFresh(k.Value)).Select(k => k.Key))
        {
            _kept.TryRemove(old, out _);
        }

        if (kept is null)
        {
            return;
        }

        _kept[of] = kept;
        if (_kept.Count > Most && _kept.Where(k => k.Key != of).OrderBy(k => k.Value.Until).Select(k => k.Key).FirstOrDefault() is { } first)
        {
            _kept.TryRemove(first, out _);
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private sealed record Kept(object Counts, long Changes, DateTimeOffset Until);
}
