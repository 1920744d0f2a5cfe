using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

/// <summary>Tells whose token a text is. Whether it still counts is decided here and again by the door of every use case.</summary>
public sealed class TokenCheck(IDbContextFactory<GovernanceDb> contexts, IDialect dialect, TokenUses uses)
{
    private static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    /// <summary>The token's id, or null: unknown, mistyped, revoked or expired (by the database's clock) are one answer.</summary>
    public async Task<Guid?> CheckAsync(string text, CancellationToken cancellationToken)
    {
        if (TokenText.Parse(text) is not { } parsed)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await dialect.NowAsync(db, cancellationToken);
        var token = await db.Set<ApiToken>().AsNoTracking().Where(t => t.PublicId == parsed.PublicId).Where(Leavers.NotOfOne(db))
            .Select(t => new { t.Id, t.SecretHash, t.ExpiresAt, t.RevokedAt }).SingleOrDefaultAsync(cancellationToken);
        var same = CryptographicOperations.FixedTimeEquals(token?.SecretHash ?? NoHash, parsed.SecretHash);
        if (token is null || !same || token.RevokedAt is not null || token.ExpiresAt <= now)
        {
            return null;
        }

        uses.Note(token.Id, now);
        return token.Id;
    }
}
