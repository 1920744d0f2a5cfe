using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.Own;

/// <summary>The keys that wrap what is sealed, and the sealed keys of the product itself.</summary>
internal sealed class EncryptionKeys(IKeyRing ring, IDbContextFactory<GovernanceDb> contexts) : IOwnCredentials
{
    private static readonly GrantObservation Unwrap = new("unwrap", "everything that is sealed", AltersRelease: false, Privileged: true);

    public string Kind => "encryption-keys";

    public IReadOnlyCollection<Type> Stores => [typeof(SealedKey)];

    public async IAsyncEnumerable<OwnCredential> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var key in await ring.ListAsync(cancellationToken))
        {
            yield return new OwnCredential(key.KeyId, $"Key-encryption key {key.KeyId}", CredentialKind.EncryptionKey)
            {
                KeyIds = [key.KeyId],
                Disabled = key.State == KeyState.Retired,
                CreatedAt = KnownValue.Or(key.CreatedAt, KnownValue.NotExposed),
                ExpiresAt = KnownValue.Never(),
                Grants = [Unwrap],
                Facts = new Dictionary<string, KnownValue>
                {
                    ["state"] = KnownValue.Of(key.State.ToString()),
                    ["rotation"] = KnownValue.Of("the verb keys rotate"),
                },
            };
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var keys = db.Set<SealedKey>().AsNoTracking().OrderBy(k => k.Id).Select(k => new { k.Id, k.Name, k.CreatedAt });
        await foreach (var key in keys.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            yield return new OwnCredential(key.Id.ToString(), $"The product's own key \"{key.Name}\"", CredentialKind.EncryptionKey)
            {
                KeyIds = [key.Id.ToString()],
                CreatedAt = KnownValue.Of(key.CreatedAt),
                ExpiresAt = KnownValue.Never(),

                // What joins copies of a secret must stay the same; only what wraps it changes.
                Facts = new Dictionary<string, KnownValue> { ["rotation"] = KnownValue.Of("never; the key that wraps it is rotated") },
            };
        }
    }
}
