using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

/// <summary>Tells whose token a text is. Whether it still counts is decided here and again by the door of every use case.</summary>
public sealed class TokenCheck(IDbContextFactory<GovernanceDb> contexts, IDialect dialect, TokenUses uses)
{
    private static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    /// <summary>Whoever sent the text learns only whether it counts; why not is for the audit log.</summary>
    public async Task<TokenVerdict> CheckAsync(string text, CancellationToken cancellationToken)
    {
        if (TokenText.Parse(text) is not { } parsed)
        {
            return new TokenVerdict(null, Guid.Empty, "not a token of ours");
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = await dialect.NowAsync(db, cancellationToken);
        var there = Leavers.MakerIsThere(db);
        var token = await db.Set<ApiToken>().AsNoTracking().Where(t => t.PublicId == parsed.PublicId)
            .Select(t => new { t.Id, t.SecretHash, t.ExpiresAt, t.RevokedAt }).SingleOrDefaultAsync(cancellationToken);
        var makerIsThere = await db.Set<ApiToken>().AsNoTracking().Where(t => t.PublicId == parsed.PublicId).AnyAsync(there, cancellationToken);
        var same = CryptographicOperations.FixedTimeEquals(token?.SecretHash ?? NoHash, parsed.SecretHash);
        var refusal = token is null ? "no such token"
            : !same ? "a wrong secret"
            : token.RevokedAt is not null ? "revoked"
            : token.ExpiresAt <= now ? "expired"
            : !makerIsThere ? "its maker is disabled, has left or is gone"
            : null;
        if (refusal is not null)
        {
            return new TokenVerdict(null, token?.Id ?? Guid.Empty, refusal);
        }

        uses.Note(token!.Id, now);
        return new TokenVerdict(token.Id, token.Id, null);
    }
}

/// <param name="Counts">The token's id when it counts, else null.</param>
/// <param name="Concerns">The token that was named, whether its secret was right or not; empty when there is none.</param>
/// <param name="Refusal">Why it does not count.</param>
public sealed record TokenVerdict(Guid? Counts, Guid Concerns, string? Refusal);
