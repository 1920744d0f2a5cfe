using System.Reflection;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Access;

/// <summary>What a token may be given: the scopes that some permission asks for, and no more than its maker may do.</summary>
public static class TokenScopes
{
    private static readonly Permission[] Permissions = [.. typeof(Permission)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetValue(null)).OfType<Permission>()];

    /// <summary>Every scope there is, sorted.</summary>
    public static IReadOnlyList<string> Known { get; } =
        [.. Permissions.Select(p => p.Scope).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>A person hands out what they may do themselves, whole scopes only: no way round through a token.</summary>
    public static bool MayGive(Actor actor, string scope) => actor.Kind switch
    {
        ActorKind.System => true,
        ActorKind.Person => MayGive(actor.Roles, scope),
        _ => false,
    };

    public static bool MayGive(Role roles, string scope) => Permissions.Where(p => p.Scope == scope).All(p => (p.Roles & roles) != 0);

    /// <summary>True when everything that the scope allows is limited to the teams of whoever asks, so that a token of one team may have it.</summary>
    public static bool IsByTeam(string scope) => Permissions.Where(p => p.Scope == scope).All(p => p.ByTeam);

    /// <summary>True when the scope changes what only those who administer may change: sources, teams, people.</summary>
    public static bool IsPrivileged(string scope) =>
        scope.EndsWith(":write", StringComparison.Ordinal)
        && Permissions.Where(p => p.Scope == scope).All(p => (p.Roles & ~(Role.Engineer | Role.Admin)) == 0);
}
