namespace NhiGovernance.Common.Sealing;

/// <summary>
/// Holds the key-encryption keys and never gives one away: it wraps and unwraps 32-byte data keys. A file ring is here; Key
/// Vault, KMS or Vault transit fit behind the same four calls.
/// </summary>
public interface IKeyRing
{
    /// <summary>Where the keys are, for messages: "/var/lib/nhi/keys".</summary>
    string Place { get; }

    /// <summary>
    /// The key that wraps new values; made on first use, unless something is sealed already: then the ring has lost its keys, and
    /// a new one would hide that (<see cref="KeyLostException"/>).
    /// </summary>
    ValueTask<string> CurrentKeyIdAsync(CancellationToken cancellationToken);

    /// <summary>The key that wraps new values, or null when there is none yet. Makes nothing.</summary>
    ValueTask<string?> FindCurrentKeyIdAsync(CancellationToken cancellationToken);

    /// <summary>Throws a <see cref="KeyUnusableException"/> when nothing could be opened with this key now.</summary>
    ValueTask ProbeAsync(string keyId, CancellationToken cancellationToken);

    ValueTask<byte[]> WrapAsync(string keyId, ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken);

    /// <summary>Throws <see cref="KeyLostException"/> when the ring has no such key.</summary>
    ValueTask<byte[]> UnwrapAsync(string keyId, ReadOnlyMemory<byte> wrapped, CancellationToken cancellationToken);

    /// <summary>Makes a new key and makes it the current one. The others still unwrap.</summary>
    ValueTask<string> AddKeyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes a key that wraps nothing any more out of use: it still unwraps, for a value that another process sealed in the
    /// same moment, until <see cref="ForgetAsync"/>.
    /// </summary>
    ValueTask RetireAsync(string keyId, CancellationToken cancellationToken);

    /// <summary>Destroys a retired key.</summary>
    ValueTask ForgetAsync(string keyId, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<KeyInRing>> ListAsync(CancellationToken cancellationToken);
}

/// <param name="CreatedAt">Null where the ring does not say.</param>
public sealed record KeyInRing(string KeyId, KeyState State, DateTimeOffset? CreatedAt = null);

public enum KeyState
{
    Current,

    /// <summary>Unwraps; wraps nothing new.</summary>
    Old,
    Retired,
}
