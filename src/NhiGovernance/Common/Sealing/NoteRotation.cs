using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Common.Sealing;

/// <param name="Retired">Taken out of use by this rotation.</param>
/// <param name="Destroyed">Retired by an earlier one, and gone now.</param>
public sealed record NoteRotationRequest(string NewKeyId, IReadOnlyList<string> Retired, IReadOnlyList<string> Destroyed);

/// <summary>Says in the audit log what became of the old keys. It comes after the fact, because files are in no transaction.</summary>
public sealed class NoteRotation(CommandDoor door) : Command<NoteRotationRequest, Done>(door)
{
    public override Permission Permission => Permission.System;

    protected override Task<Result<Done>> ApplyAsync(NoteRotationRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        context.Audit(
            "keys.rotate", "key", request.NewKeyId, null, new { request.NewKeyId, request.Retired, request.Destroyed },
            $"{request.NewKeyId} in use; retired: {Words(request.Retired)}; destroyed: {Words(request.Destroyed)}");
        return Task.FromResult(Result.Ok(Done.Value));
    }

    private static string Words(IReadOnlyList<string> keys) => keys.Count == 0 ? "none" : string.Join(", ", keys);
}
