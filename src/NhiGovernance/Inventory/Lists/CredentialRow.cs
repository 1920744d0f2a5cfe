using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Lists;

/// <summary>A credential's metadata; its value is never read or stored.</summary>
/// <param name="MaterialChangedAt">When the key material was last seen to change, or first seen; null when the source shows no key ids.</param>
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
