using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access;

/// <param name="IdOrPublicId">The token's id, or the public part of its text.</param>
public sealed record RevokeApiTokenRequest(string IdOrPublicId);

/// <summary>Ends a token: the next request that carries it is refused, on every machine.</summary>
public sealed class RevokeApiToken(CommandDoor door) : Command<RevokeApiTokenRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageTokens;

    protected override async Task<Result<Done>> ApplyAsync(RevokeApiTokenRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var id = Guid.TryParse(request.IdOrPublicId, out var guid) ? guid : (Guid?)null;
        var token = await context.Db.Set<ApiToken>()
            .SingleOrDefaultAsync(t => t.Id == id || (id == null && t.PublicId == request.IdOrPublicId), cancellationToken);
        if (token is null)
        {
            return new Error.NotFound("This token");
        }

        if (token.RevokedAt is not null)
        {
            return new Error.Conflict("This token is revoked already.");
        }

        var before = TokenState.Of(token);
        token.RevokedAt = context.Now;
        context.Audit("token.revoke", "token", token.Id, before, TokenState.Of(token));
        context.Signal("token", token.Id);
        return Done.Value;
    }
}
