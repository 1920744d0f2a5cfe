using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using NhiGovernance.Access;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Web.Access;

/// <summary>The keys that protect sessions and forms, as the framework's key ring knows them; it makes a new one before the last expires.</summary>
internal sealed class SessionKeys(IKeyManager keys) : IOwnCredentials
{
    private static readonly GrantObservation Sign = new("make sessions", "every account", AltersRelease: false, Privileged: true);

    public string Kind => "session-keys";

    public IReadOnlyCollection<Type> Stores => [typeof(DataProtectionKey)];

    public async IAsyncEnumerable<OwnCredential> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The ring is read synchronously by the framework; a worker's thread can wait for it.
        foreach (var key in await Task.Run(keys.GetAllKeys, cancellationToken))
        {
            yield return new OwnCredential(key.KeyId.ToString(), $"Session key {key.KeyId}", CredentialKind.EncryptionKey)
            {
                KeyIds = [key.KeyId.ToString()],
                Disabled = key.IsRevoked,
                CreatedAt = KnownValue.Of(key.CreationDate),
                ExpiresAt = KnownValue.Of(key.ExpirationDate),
                Grants = [Sign],
                Facts = new Dictionary<string, KnownValue> { ["rotation"] = KnownValue.Of("by itself, before it expires") },
            };
        }
    }
}
