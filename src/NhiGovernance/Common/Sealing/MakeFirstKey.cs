using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Common.Sealing;

public sealed record MakeFirstKeyRequest;

/// <summary>Makes the first key-encryption key of an installation, at its first start.</summary>
public sealed class MakeFirstKey(CommandDoor door, IKeyRing ring) : Command<MakeFirstKeyRequest, string>(door)
{
    public override Permission Permission => Permission.System;

    protected override async Task<Result<string>> ApplyAsync(MakeFirstKeyRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var id = await ring.CurrentKeyIdAsync(cancellationToken);
        context.Audit("keys.make", "key", id, null, new { id }, $"key-encryption key {id}");
        return id;
    }
}
