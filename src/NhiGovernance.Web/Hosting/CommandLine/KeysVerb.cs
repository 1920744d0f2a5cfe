using System.CommandLine;
using NhiGovernance.Common;
using NhiGovernance.Common.Sealing;

namespace NhiGovernance.Web.Hosting.CommandLine;

/// <summary>
/// <c>keys rotate</c>: a new key-encryption key, and everything sealed wrapped under it. Safe to interrupt and to repeat.
/// <c>keys reset --drop-sealed</c>: the way out when the keys are lost for good.
/// </summary>
internal sealed class KeysVerb : IVerb
{
    public Command Describe() => new("keys", "The keys that seal the connectors' credentials.") { Rotate(), Reset() };

    private static Command Rotate()
    {
        var command = new Command("rotate", "Make a new key, wrap everything that is sealed under it, and retire the old one.");
        command.SetAction((parsed, cancellationToken) => VerbScope.RunAsync(
            parsed, RotateAsync, Describe, cancellationToken));
        return command;
    }

    private static Command Reset()
    {
        var sure = new Option<bool>("--drop-sealed")
        {
            Description = "Says that the lost keys are lost for good: what only they open is removed, and the sources' credentials and uploaded files must be given again.",
        };
        var command = new Command("reset", "After the loss of the key folder: make a new key and remove what no key opens any more.") { sure };
        command.SetAction((parsed, cancellationToken) => VerbScope.RunAsync(
            parsed, (scope, token) => ResetAsync(scope, parsed.GetValue(sure), token), Describe, cancellationToken));
        return command;
    }

    private static async Task<Result<KeyRotation.Outcome>> RotateAsync(VerbScope scope, CancellationToken cancellationToken) =>
        await scope.Get<KeyCheck>().FindFaultAsync(cancellationToken) is { } fault
            ? new Error.Unavailable(fault.Message)
            : await scope.Get<KeyRotation>().RunAsync(cancellationToken);

    private static async Task<Result<LostKeysReset>> ResetAsync(VerbScope scope, bool sure, CancellationToken cancellationToken) => sure
        ? await scope.Get<ResetLostKeys>().RunAsync(new ResetLostKeysRequest(), cancellationToken)
        : new Error.Invalid("drop-sealed", "This removes credentials and uploaded inventory files for good. Look for the key folder in your backups first; then say --drop-sealed.");

    private static string Describe(LostKeysReset reset) =>
        $"Key {reset.NewKeyId} is in use. Lost: {string.Join(", ", reset.Lost)}. Removed: {string.Join(", ", reset.Dropped)}.\n"
        + "Restart every process of this installation. Then enter the credentials of each source again and upload its\n"
        + "inventory files again (Sources), and sign in again.";

    private static string Describe(KeyRotation.Outcome outcome) => string.Join('\n', Lines(outcome));

    private static IEnumerable<string> Lines(KeyRotation.Outcome outcome)
    {
        yield return $"Key {outcome.NewKeyId} is in use; {outcome.Rewrapped} values were wrapped under it.";
        if (outcome.Retired.Count > 0)
        {
            yield return $"Retired: {string.Join(", ", outcome.Retired)}. The next rotation destroys them.";
        }

        if (outcome.Forgotten.Count > 0)
        {
            yield return $"Destroyed: {string.Join(", ", outcome.Forgotten)}.";
        }
    }
}
