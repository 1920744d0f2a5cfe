using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>What an identity's row says of its credentials: how many are present, and the earliest end of them and of itself.</summary>
internal static class IdentityTotals
{
    private static readonly StagedColumn[] Columns =
        [new("id", typeof(Guid)), new("credentials", typeof(int)), new("expires_state", typeof(string)), new("expires_at", typeof(DateTimeOffset))];

    /// <summary>Identities that are not written yet: only credentials of the same batch can be theirs.</summary>
    public static void Fill(IEnumerable<Identity> added, IEnumerable<Credential> written)
    {
        var byIdentity = written.ToLookup(c => c.IdentityId);
        foreach (var identity in added)
        {
            foreach (var credential in byIdentity[identity.Id])
            {
                identity.Credentials++;
                if (identity.ExpiresState == Knowledge.Never && Doubt(credential.ExpiresState) is { } doubt)
                {
                    identity.ExpiresState = doubt;
                }

                if (credential.ExpiresAt is { } at && (identity.ExpiresAt is null || at < identity.ExpiresAt))
                {
                    (identity.ExpiresState, identity.ExpiresAt) = (Knowledge.Value, at);
                }
            }
        }
    }

    /// <summary>Rows whose credentials changed, or that were written anew; those that stand right are not touched.</summary>
    public static async Task SettleAsync(GovernanceDb db, IDialect dialect, IReadOnlyCollection<Guid> identities, CancellationToken cancellationToken)
    {
        foreach (var ids in identities.Chunk(5_000))
        {
            var rows = await db.Set<Identity>().AsNoTracking().Where(i => ids.Contains(i.Id))
                .Select(i => new { i.Id, i.Facts, i.Credentials, i.ExpiresState, i.ExpiresAt }).ToListAsync(cancellationToken);
            var totals = await db.Set<Credential>().AsNoTracking()
                .Where(c => ids.Contains(c.IdentityId) && (c.Presence == Presence.Present || c.Presence == Presence.NotCovered))
                .GroupBy(c => c.IdentityId)
                .Select(g => new { Id = g.Key, Count = g.Count(), Earliest = g.Min(c => c.ExpiresAt) })
                .ToDictionaryAsync(t => t.Id, cancellationToken);
            var doubts = await db.Set<Credential>().AsNoTracking()
                .Where(c => ids.Contains(c.IdentityId) && (c.Presence == Presence.Present || c.Presence == Presence.NotCovered) && c.ExpiresState != Knowledge.Value && c.ExpiresState != Knowledge.Never)
                .GroupBy(c => c.IdentityId)
                .Select(g => new { Id = g.Key, State = g.Min(c => c.ExpiresState) })
                .ToDictionaryAsync(d => d.Id, d => d.State, cancellationToken);
            var wrong = new List<object?[]>();
            foreach (var row in rows)
            {
                var own = InventoryJson.ReadFacts(row.Facts).Fact("expiresAt");
                var total = totals.GetValueOrDefault(row.Id);
                var (count, earliest) = (total?.Count ?? 0, Earlier(own.Instant, total?.Earliest));
                var state = earliest is not null ? Knowledge.Value
                    : own.State == Knowledge.Never && doubts.TryGetValue(row.Id, out var doubt) ? doubt
                    : own.State;
                if (count != row.Credentials || earliest != row.ExpiresAt || state != row.ExpiresState)
                {
                    wrong.Add([row.Id, count, state.ToString(), earliest]);
                }
            }

            if (wrong.Count > 0)
            {
                var staged = await dialect.StageAsync(db, "identity_totals", Columns, wrong, cancellationToken);
                var sql = "UPDATE identities SET credentials = s.credentials, expires_state = s.expires_state, expires_at = s.expires_at "
                    + $"FROM {staged} s WHERE identities.id = s.id";
                await db.Database.ExecuteSqlRawAsync(sql, cancellationToken);
            }
        }
    }

    // "Never expires" is said of an identity only when it is known of each of its credentials.
    private static Knowledge? Doubt(Knowledge ofCredential) => ofCredential is Knowledge.Value or Knowledge.Never ? null : ofCredential;

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b ?? a : a;
}
