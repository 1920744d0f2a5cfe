using System.Globalization;
using System.Text.Json;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Git.Automation;

/// <summary>
/// A signer whose last commit slid out of the budget of newest commits has not gone away. When a run does not read the whole
/// history, what earlier runs saw is kept beside it, so that absence never comes from the budget. A run that reads everything
/// forgets what earlier ones saw, and leaves what it saw itself: the next may be the one whose history outgrew the budget.
/// </summary>
internal static class RememberedHistory
{
    /// <summary>Also after a change of settings: a smaller budget is one. What is of another address does not count.</summary>
    private const string Key = IReadMemory.Lasting + "git/history";

    /// <summary>Signers and automata of one value; what is more goes into further ones, and nobody is forgotten for there being many.</summary>
    internal const int PartSize = 2000;

    public static async Task KeepAsync(IReadMemory memory, string address, HistoryTally tally, AutomationPatterns patterns, bool whole, CancellationToken cancellationToken)
    {
        if (!whole && await ReadAsync(memory, cancellationToken) is { } earlier && earlier.Address == address)
        {
            foreach (var signer in earlier.Signers)
            {
                if (tally.Signers.TryGetValue(signer.Key, out var seen))
                {
                    seen.Remember(signer);
                }
                else
                {
                    signer.Remembered = true;
                    tally.Signers[signer.Key] = signer;
                }
            }

            foreach (var automaton in earlier.Automata.Where(a => patterns.Holds(a.Key)))
            {
                if (tally.Automata.TryGetValue(automaton.Key, out var seen))
                {
                    seen.Remember(automaton);
                }
                else
                {
                    automaton.Remembered = true;
                    tally.Automata[automaton.Key] = automaton;
                }
            }

            tally.Join();
        }

        await WriteAsync(
            memory, address, [.. tally.Signers.Values.OrderByDescending(s => s.Last)], [.. tally.Automata.Values.OrderByDescending(a => a.Last)], cancellationToken);
    }

    private static string KeyOf(int part) => part == 0 ? Key : string.Create(CultureInfo.InvariantCulture, $"{Key}/{part}");

    private static async Task WriteAsync(
        IReadMemory memory, string address, List<SignerSum> signers, List<AutomatonSum> automata, CancellationToken cancellationToken)
    {
        var part = 0;
        for (; part * PartSize < Math.Max(signers.Count, automata.Count); part++)
        {
            var state = new State(address, [.. signers.Skip(part * PartSize).Take(PartSize)], [.. automata.Skip(part * PartSize).Take(PartSize)]);
            await memory.SetAsync(KeyOf(part), JsonSerializer.Serialize(state), cancellationToken);
        }

        for (; await memory.GetAsync(KeyOf(part), cancellationToken) is not null; part++)
        {
            await memory.SetAsync(KeyOf(part), null, cancellationToken);
        }
    }

    private static async Task<State?> ReadAsync(IReadMemory memory, CancellationToken cancellationToken)
    {
        var first = Read(await memory.GetAsync(Key, cancellationToken));
        for (var part = 1; first is not null && Read(await memory.GetAsync(KeyOf(part), cancellationToken)) is { } more && more.Address == first.Address; part++)
        {
            first.Signers.AddRange(more.Signers);
            first.Automata.AddRange(more.Automata);
        }

        return first;
    }

    private static State? Read(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize<State>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record State(string Address, List<SignerSum> Signers, List<AutomatonSum> Automata);
}
