using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;

namespace NhiGovernance.Common.Sealing;

/// <summary>
/// The verb <c>keys rotate</c>: a new key, everything wrapped under it, the old keys retired. It can be interrupted anywhere:
/// a key goes only after a scan found nothing under it, and the next rotation finishes what was left.
/// </summary>
public sealed class KeyRotation(
    IKeyRing ring, RewrapSealedValues rewrap, IEnumerable<ISealedStore> stores, ISealer sealer, IDbContextFactory<GovernanceDb> contexts,
    NoteRotation note)
{
    public sealed record Outcome(string NewKeyId, int Rewrapped, IReadOnlyList<string> Retired, IReadOnlyList<string> Forgotten);

    public async Task<Result<Outcome>> RunAsync(CancellationToken cancellationToken)
    {
        var retiredBefore = (await ring.ListAsync(cancellationToken)).Where(k => k.State == KeyState.Retired).Select(k => k.KeyId).ToList();
        var current = await ring.AddKeyAsync(cancellationToken);
        var rewrapped = await rewrap.RunAsync(new RewrapSealedValuesRequest(), cancellationToken);
        if (!rewrapped.IsOk)
        {
            return rewrapped.Error;
        }

        // Scanned anew after the commit: what another process sealed meanwhile keeps its key.
        var used = await UsedAsync(cancellationToken);
        var retired = (await ring.ListAsync(cancellationToken))
            .Where(k => k.State == KeyState.Old && !used.Contains(k.KeyId)).Select(k => k.KeyId).ToList();
        foreach (var key in retired)
        {
            await ring.RetireAsync(key, cancellationToken);
        }

        var forgotten = retiredBefore.Where(k => !used.Contains(k)).ToList();
        foreach (var key in forgotten)
        {
            await ring.ForgetAsync(key, cancellationToken);
        }

        var noted = await note.RunAsync(new NoteRotationRequest(current, retired, forgotten), cancellationToken);
        if (!noted.IsOk)
        {
            return noted.Error;
        }

        return new Outcome(current, rewrapped.Value, retired, forgotten);
    }

    private async Task<HashSet<string>> UsedAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var store in stores)
        {
            await foreach (var row in SealedValues.AllAsync(store, db, 500, cancellationToken))
            {
                used.Add(sealer.KeyIdOf(row.Sealed));
            }
        }

        return used;
    }
}
