using System.Text.Json;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Git.Automation;

/// <summary>
/// A signer whose last commit slid out of the budget of newest commits has not gone away. When a run does not read the whole
/// history, what earlier runs saw is kept beside it, so that absence never comes from the budget. A run that reads everything
/// starts afresh.
/// </summary>
internal static class RememberedHistory
{
    private const string Key = "history";
    private const int Most = 2000;

    public static async Task KeepAsync(IReadMemory memory, string address, HistoryTally tally, bool whole, CancellationToken cancellationToken)
    {
        if (whole)
        {
            await memory.SetAsync(Key, null, cancellationToken);
            return;
        }

        if (Read(await memory.GetAsync(Key, cancellationToken)) is { } earlier && earlier.Address == address)
        {
            foreach (var signer in earlier.Signers.Where(s => !tally.Signers.ContainsKey(s.Key)))
            {
                signer.Remembered = true;
                tally.Signers[signer.Key] = signer;
            }

            foreach (var automaton in earlier.Automata.Where(a => !tally.Automata.ContainsKey(a.Key)))
            {
                automaton.Remembered = true;
                tally.Automata[automaton.Key] = automaton;
            }

            foreach (var signer in earlier.Signers)
            {
                var known = tally.Signers[signer.Key];
                known.First = signer.First < known.First ? signer.First : known.First;
            }

            tally.Join();
        }

        var kept = new State(address,
            [.. tally.Signers.Values.OrderByDescending(s => s.Last).Take(Most)],
            [.. tally.Automata.Values.OrderByDescending(a => a.Last).Take(Most)]);
        await memory.SetAsync(Key, JsonSerializer.Serialize(kept), cancellationToken);
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
