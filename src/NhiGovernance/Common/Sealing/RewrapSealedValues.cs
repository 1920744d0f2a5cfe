using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Common.Sealing;

public sealed record RewrapSealedValuesRequest;

/// <summary>Wraps every sealed value of every slice under the ring's current key: all of them, or, when it is interrupted, none.</summary>
public sealed class RewrapSealedValues(CommandDoor door, IEnumerable<ISealedStore> stores, ISealer sealer, IKeyRing ring)
    : Command<RewrapSealedValuesRequest, int>(door)
{
    private const int Batch = 500;

    public override Permission Permission => Permission.System;

    protected override async Task<Result<int>> ApplyAsync(
        RewrapSealedValuesRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var store in stores)
        {
            await foreach (var row in SealedValues.AllAsync(store, context.Db, Batch, cancellationToken))
            {
                if (await sealer.RewrapAsync(row.Sealed, cancellationToken) is { } rewrapped
                    && await store.ReplaceAsync(context.Db, row, rewrapped, cancellationToken))
                {
                    count++;
                }
            }
        }

        var current = await ring.CurrentKeyIdAsync(cancellationToken);
        context.Audit("keys.rewrap", "key", current, null, new { current, count }, $"{count} values wrapped under key {current}");
        return count;
    }
}
