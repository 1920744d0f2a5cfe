using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Common.Sealing;

public sealed record ResetLostKeysRequest;

/// <param name="Dropped">"source credentials: 2".</param>
public sealed record LostKeysReset(string NewKeyId, IReadOnlyList<string> Lost, IReadOnlyList<string> Dropped);

/// <summary>
/// The way out when keys are lost for good: a new key-encryption key, and away with every value that only a lost key opens. The
/// sources' credentials have to be entered again; people sign in again; the key of fingerprints is made anew, so that
/// fingerprints from before join with none from after. What a key that is still there opens stays.
/// </summary>
public sealed class ResetLostKeys(CommandDoor door, IKeyRing ring, IEnumerable<ISealedStore> stores, ISealer sealer)
    : Command<ResetLostKeysRequest, LostKeysReset>(door)
{
    public override Permission Permission => Permission.System;

    protected override async Task<Result<LostKeysReset>> ApplyAsync(
        ResetLostKeysRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, bool>(StringComparer.Ordinal);
        var dropped = new List<string>();
        foreach (var store in stores)
        {
            var ids = new List<Guid>();
            await foreach (var row in SealedValues.AllAsync(store, context.Db, 500, cancellationToken))
            {
                var key = sealer.KeyIdOf(row.Sealed);
                if (!known.TryGetValue(key, out var there))
                {
                    known[key] = there = await IsThereAsync(key, cancellationToken);
                }

                if (!there)
                {
                    ids.Add(row.Id);
                }
            }

            if (ids.Count > 0)
            {
                await store.DropAsync(context, ids, cancellationToken);
                dropped.Add($"{store.Name}: {ids.Count}");
            }
        }

        var lost = known.Where(k => !k.Value).Select(k => k.Key).Order(StringComparer.Ordinal).ToList();
        if (lost.Count == 0 && await IsCurrentThereAsync(cancellationToken))
        {
            return new Error.Conflict("No key is lost: everything sealed can be opened, and nothing was changed. To replace the key: keys rotate");
        }

        var id = await ring.AddKeyAsync(cancellationToken);
        context.Audit("keys.reset", "key", id, new { lost }, new { id, dropped }, $"key-encryption key {id} instead of lost ones; dropped: {string.Join(", ", dropped)}");
        return new LostKeysReset(id, lost, dropped);
    }

    private async Task<bool> IsCurrentThereAsync(CancellationToken cancellationToken) =>
        await ring.FindCurrentKeyIdAsync(cancellationToken) is not { } current || await IsThereAsync(current, cancellationToken);

    /// <summary>A key that is there and must not be used yet is not lost: then the fault says what to mend, and nothing is dropped.</summary>
    private async Task<bool> IsThereAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await ring.ProbeAsync(key, cancellationToken);
            return true;
        }
        catch (KeyLostException)
        {
            return false;
        }
    }
}
