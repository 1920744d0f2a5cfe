using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Lists;

/// <summary>A credential's metadata; its value is never read or stored.</summary>
/// <param name="Id">Id of the credential.</param>
/// <param name="IdentityId">Whose it is.</param>
/// <param name="IdentityName">That identity's name.</param>
/// <param name="Kind">What kind of credential it is.</param>
/// <param name="Name">In the vendor's words.</param>
/// <param name="Presence">Whether its list still shows it.</param>
/// <param name="Disabled">The vendor says that it cannot be used now.</param>
/// <param name="KeyIds">Fingerprints or ids of its key material, sorted; empty when the source shows none.</param>
/// <param name="MaterialChangedAt">When the key material was last seen to change, or first seen; null when the source shows no key ids.</param>
/// <param name="CreatedAt">When the vendor made it, or why that is not known.</param>
/// <param name="LastUsed">When it was last used, or why that is not known.</param>
/// <param name="Expires">When it expires, or why that is not known.</param>
/// <param name="Facts">All that is known of it, by camelCase name.</param>
/// <param name="FirstSeenAt">When a run first saw it.</param>
/// <param name="LastSeenAt">By a complete read of its list; null while that never was.</param>
/// <param name="MissingSince">Since when its list is without it; null: it is not missing.</param>
public sealed record CredentialRow(
    Guid Id,
    Guid IdentityId,
    string IdentityName,
    CredentialKind Kind,
    string Name,
    [property: JsonPropertyName("state")] Presence Presence,
    bool Disabled,
    IReadOnlyList<string> KeyIds,
    DateTimeOffset? MaterialChangedAt,
    KnownValue CreatedAt,
    KnownValue LastUsed,
    KnownValue Expires,
    IReadOnlyDictionary<string, KnownValue> Facts,
    DateTimeOffset FirstSeenAt,
    DateTimeOffset? LastSeenAt,
    DateTimeOffset? MissingSince);

internal static class CredentialRowReader
{
    public static async Task<IReadOnlyList<CredentialRow>> ReadAsync(
        GovernanceDb db, IQueryable<Credential> page, CancellationToken cancellationToken) =>
        await ReadAsync(db, await page.ToListAsync(cancellationToken), cancellationToken);

    public static async Task<IReadOnlyList<CredentialRow>> ReadAsync(
        GovernanceDb db, IReadOnlyList<Credential> page, CancellationToken cancellationToken)
    {
        var (identityIds, scopeIds) = (page.Select(c => c.IdentityId).Distinct().ToArray(), page.Select(c => c.ScopeId).Distinct().ToArray());
        var names = await db.Set<Identity>().AsNoTracking().Where(i => identityIds.Contains(i.Id))
            .Select(i => new { i.Id, i.Name }).ToDictionaryAsync(i => i.Id, i => i.Name, cancellationToken);
        var scopes = await db.Set<SourceScope>().AsNoTracking().Where(s => scopeIds.Contains(s.Id))
            .Select(s => new { s.Id, s.LastCompleteAt }).ToDictionaryAsync(s => s.Id, s => s.LastCompleteAt, cancellationToken);
        return page.Select(c =>
        {
            var facts = InventoryJson.ReadFacts(c.Facts);
            return new CredentialRow(
                c.Id, c.IdentityId, names.GetValueOrDefault(c.IdentityId, string.Empty), c.Kind, c.Name, c.Presence, c.Disabled,
                InventoryJson.ReadList(c.KeyIds), c.MaterialChangedAt, facts.Fact("createdAt"), facts.Fact("lastUsedAt"), facts.Fact("expiresAt"),
                facts, c.FirstSeenAt, IdentityRowReader.LastSeen(c, scopes.GetValueOrDefault(c.ScopeId)), c.MissingSince);
        }).ToArray();
    }
}
