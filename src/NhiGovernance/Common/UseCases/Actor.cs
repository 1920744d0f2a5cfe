namespace NhiGovernance.Common.UseCases;

public enum ActorKind
{
    /// <summary>The product itself: a job, start-up, or the command line on the machine.</summary>
    System,

    /// <summary>A signed-in person; the id is the account's.</summary>
    Person,

    /// <summary>An API token; the id is the token's.</summary>
    Token,
}

/// <summary>Who a request says it is, before anything is believed: taken from a cookie, a token or a job.</summary>
/// <param name="Id">Account id, token id, or empty for the system.</param>
/// <param name="Name">For the system: which part of it ("poll", "command line"). Otherwise ignored; the real name is loaded.</param>
/// <param name="SignedInAt">When the person proved themselves; null for tokens and the system.</param>
/// <param name="SessionStamp">The account's security stamp at sign-in; a change since ends the session.</param>
public sealed record ActorReference(ActorKind Kind, Guid Id, string Name, DateTimeOffset? SignedInAt = null, string? SessionStamp = null)
{
    /// <summary>Which sign-in it is; a person without one is nobody any more when it was ended.</summary>
    public Guid? SessionId { get; init; }

    public static ActorReference System(string part) => new(ActorKind.System, Guid.Empty, part);
}

/// <summary>
/// Who acts, as the database knows them at this moment. Loaded anew for every use case, so that a revoked token, a disabled
/// account or a lost role counts at once.
/// </summary>
/// <param name="Teams">Teams whose things the actor sees when they do not see all.</param>
/// <param name="SeesAll">True: every team's things, and what has no owner.</param>
public sealed record Actor(
    ActorKind Kind,
    Guid Id,
    string Name,
    Role Roles,
    IReadOnlySet<string> Scopes,
    IReadOnlySet<Guid> Teams,
    bool SeesAll,
    DateTimeOffset? SignedInAt)
{
    public static readonly TimeSpan RecentSignIn = TimeSpan.FromMinutes(15);

    public static Actor System(string part) =>
        new(ActorKind.System, Guid.Empty, part, Role.None, new HashSet<string>(), new HashSet<Guid>(), SeesAll: true, SignedInAt: null);

    /// <summary>Null when the actor may; otherwise why not, and who may.</summary>
    public Error? Refuses(Permission permission, DateTimeOffset now)
    {
        if (permission.RecentSignIn && Kind != ActorKind.Person)
        {
            return new Error.Forbidden($"Only a signed-in person may {permission.Name}.");
        }

        var may = Kind switch
        {
            ActorKind.System => true,
            ActorKind.Token => permission.Scope is not null && Scopes.Contains(permission.Scope),
            ActorKind.Person => (permission.Roles & Roles) != 0,
            _ => false,
        };
        if (!may)
        {
            return Kind == ActorKind.Token
                ? new Error.Forbidden(permission.Scope is null
                    ? $"No token may {permission.Name}; a signed-in person may."
                    : $"This token lacks the scope {permission.Scope}.")
                : new Error.Forbidden(permission.Roles == Role.None
                    ? $"Nobody but the system may {permission.Name}."
                    : $"You may not {permission.Name}. {Describe(permission.Roles)} may; an Admin grants roles.");
        }

        if (permission.RecentSignIn && (SignedInAt is null || now - SignedInAt > RecentSignIn))
        {
            return new Error.Forbidden($"Sign in again to {permission.Name}: it asks for a sign-in within the last 15 minutes.");
        }

        return null;
    }

    /// <summary>True when the actor may see what this team answers for; null is what nobody answers for.</summary>
    public bool Sees(Guid? team) => SeesAll || (team is { } id && Teams.Contains(id));

    private static string Describe(Role roles) =>
        roles == Role.Anyone ? "Anyone with a role" : string.Join(", ", Enum.GetValues<Role>()
            .Where(r => r is not (Role.None or Role.Anyone) && roles.HasFlag(r)).Select(r => r.ToString()));
}
