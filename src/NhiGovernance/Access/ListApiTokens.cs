using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Access;

/// <param name="WithEnded">Also those that were revoked or have expired.</param>
public sealed record ListApiTokensRequest(bool WithEnded = false, string? Cursor = null, int Limit = 50);

public enum TokenStatus
{
    Active,

    /// <summary>Expires within 14 days.</summary>
    Expiring,
    Expired,
    Revoked,
}

public sealed record ApiTokenRow(
    Guid Id, string Name, string PublicId, IReadOnlyList<string> Scopes, string? Team, string? CreatedBy, DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, TokenStatus Status);

/// <summary>Tokens, newest first. Nothing of a secret is in it.</summary>
public sealed class ListApiTokens(QueryDoor door, IDialect dialect) : Query<ListApiTokensRequest, Page<ApiTokenRow>>(door)
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    public override Permission Permission => Permission.ReadTokens;

    protected override async Task<Result<Page<ApiTokenRow>>> ReadAsync(
        ListApiTokensRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var now = await dialect.NowAsync(db, cancellationToken);
        var limit = Math.Clamp(request.Limit, 1, 200);
        var tokens = db.Set<ApiToken>().AsQueryable();
        if (!request.WithEnded)
        {
            tokens = tokens.Where(t => t.RevokedAt == null && t.ExpiresAt > now);
        }

        var count = await tokens.Take(BoundedCount.Limit + 1).CountAsync(cancellationToken);
        if (!string.IsNullOrEmpty(request.Cursor))
        {
            if (!Guid.TryParseExact(request.Cursor, "N", out var before))
            {
                return Cursors.NoneOfOurs;
            }

            tokens = tokens.Where(t => t.Id < before);
        }

        var rows = await tokens.OrderByDescending(t => t.Id).Take(limit + 1)
            .Select(t => new
            {
                t.Id,
                t.Name,
                t.PublicId,
                t.Scopes,
                Team = db.Set<Team>().Where(x => x.Id == t.TeamId).Select(x => x.Name).SingleOrDefault(),
                By = db.Set<Account>().Where(a => a.Id == t.CreatedBy).Select(a => a.Person!.Name).SingleOrDefault(),
                t.CreatedAt,
                t.ExpiresAt,
                t.LastUsedAt,
                t.RevokedAt,
            })
            .ToListAsync(cancellationToken);
        var page = rows.Take(limit).Select(t => new ApiTokenRow(
            t.Id, t.Name, t.PublicId, t.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries), t.Team, t.By, t.CreatedAt, t.ExpiresAt, t.LastUsedAt,
            StatusAt(now, t.ExpiresAt, t.RevokedAt)));
        return new Page<ApiTokenRow>([.. page], rows.Count > limit ? rows[limit - 1].Id.ToString("N") : null, new BoundedCount(count));
    }

    internal static TokenStatus StatusAt(DateTimeOffset now, DateTimeOffset expires, DateTimeOffset? revoked) =>
        revoked is not null ? TokenStatus.Revoked
        : expires <= now ? TokenStatus.Expired
        : expires - now < Soon ? TokenStatus.Expiring
        : TokenStatus.Active;
}
