using System.Globalization;
using System.Security.Claims;
using NhiGovernance.Access;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Web.Access;

/// <summary>What a session or token carries: who it says it is, and no roles. Roles are loaded anew by every use case.</summary>
public static class SessionClaims
{
    public const string SessionScheme = "nhi-session";
    public const string TokenScheme = "nhi-token";

    private const string Stamp = "nhi:stamp";
    private const string SignedInAt = "nhi:signed-in-at";
    private const string Session = "nhi:session";

    public static ClaimsPrincipal Of(SignedIn session) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, session.AccountId.ToString()),
            new Claim(Stamp, session.Stamp),
            new Claim(SignedInAt, session.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
            new Claim(Session, session.SessionId.ToString()),
        ],
        SessionScheme));

    public static ClaimsPrincipal OfToken(Guid tokenId) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, tokenId.ToString())], TokenScheme));

    /// <summary>Null when nobody is signed in, or the claims are none of ours.</summary>
    public static ActorReference? ToReference(this ClaimsPrincipal principal)
    {
        if (principal.Identity is not { IsAuthenticated: true } identity
            || !Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id))
        {
            return null;
        }

        if (identity.AuthenticationType == TokenScheme)
        {
            return new ActorReference(ActorKind.Token, id, string.Empty);
        }

        return identity.AuthenticationType == SessionScheme
            && principal.FindFirstValue(Stamp) is { Length: > 0 } stamp
            && long.TryParse(principal.FindFirstValue(SignedInAt), CultureInfo.InvariantCulture, out var at)
            && Guid.TryParse(principal.FindFirstValue(Session), out var session)
            ? new ActorReference(ActorKind.Person, id, string.Empty, DateTimeOffset.FromUnixTimeMilliseconds(at), stamp) { SessionId = session }
            : null;
    }
}
