namespace NhiGovernance.Common.Sealing;

/// <summary>
/// Seals values that must be read again, such as a connector's credential. AES-256-GCM with a key of its own for every value;
/// that key is wrapped by the key ring, so that a rotation wraps anew and never opens the value.
/// </summary>
public interface ISealer
{
    ValueTask<byte[]> SealAsync(ReadOnlyMemory<byte> value, SealedPlace place, CancellationToken cancellationToken);

    /// <summary>
    /// Throws <see cref="KeyLostException"/> when the wrapping key is not in the ring, and <see cref="SealBrokenException"/>
    /// when the bytes were changed or belong to another place.
    /// </summary>
    ValueTask<byte[]> OpenAsync(ReadOnlyMemory<byte> sealedValue, SealedPlace place, CancellationToken cancellationToken);

    /// <summary>The same sealed value under the ring's current key; null when it is under that key already.</summary>
    ValueTask<byte[]?> RewrapAsync(ReadOnlyMemory<byte> sealedValue, CancellationToken cancellationToken);

    /// <summary>Which key of the ring wraps this value.</summary>
    string KeyIdOf(ReadOnlyMemory<byte> sealedValue);
}

/// <summary>Where a sealed value belongs. It opens there and nowhere else: a row's bytes moved to another row or host do not open.</summary>
/// <param name="RecordId">The row's id.</param>
/// <param name="Field">Which value of the row: "token", "privateKey".</param>
/// <param name="Host">The host that the credential is bound to, lower-case; empty when there is none.</param>
public sealed record SealedPlace(Guid RecordId, string Field, string Host = "");

/// <summary>Something sealed cannot be opened or made because of the key-encryption keys; the message names the folder and the fix.</summary>
public abstract class KeyUnusableException(string message) : Exception(message);

/// <summary>The key-encryption key that wraps a value is not in the key ring. Nothing can open the value but that key.</summary>
public sealed class KeyLostException(string keyId, string ring) : KeyUnusableException(
    $"The key-encryption key {keyId} is not in {ring}. Put the key back from your backup, or, if it is lost for good, run: keys reset --drop-sealed")
{
    public string KeyId { get; } = keyId;
}

/// <summary>A sealed value was changed, cut, or moved to another record, field or host.</summary>
public sealed class SealBrokenException(string message, Exception? inner = null) : Exception(message, inner);
