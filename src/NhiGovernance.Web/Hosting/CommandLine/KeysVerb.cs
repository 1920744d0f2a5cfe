using System.CommandLine;
using NhiGovernance.Common.Sealing;

namespace NhiGovernance.Web.Hosting.CommandLine;

/// <summary><c>keys rotate</c>: a new key-encryption key, and everything sealed wrapped under it. Safe to interrupt and to repeat.</summary>
internal sealed class KeysVerb : IVerb
{
    public Command Describe() => new("keys", "The keys that seal the connectors' credentials.") { Rotate() };

    private static Command Rotate()
    {
        var command = new Command("rotate", "Make a new key, wrap everything that is sealed under it, and retire the old one.");
        command.SetAction((parsed, cancellationToken) => VerbScope.RunAsync(
            parsed, (scope, token) => scope.Get<KeyRotation>().RunAsync(token), Describe, cancellationToken));
        return command;
    }

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
