using NhiGovernance.Sources.Connectors.GitHub.Http;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>What GitHub names in a refusal as needed, and what the same answer says that a classic token has.</summary>
/// <remarks>
/// Fine-grained: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#insufficient-permissions-errors; classic:
/// https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps.
/// </remarks>
/// <param name="Permissions"><c>X-Accepted-GitHub-Permissions</c>: "a=read,b=write; c=read", of which one set is enough.</param>
/// <param name="Scopes"><c>X-Accepted-OAuth-Scopes</c>: "admin:org, read:org", of which one is enough.</param>
/// <param name="Held"><c>X-OAuth-Scopes</c>; null for fine-grained tokens and Apps.</param>
internal sealed record NeededGrant(string? Permissions, string? Scopes, string? Held)
{
    /// <summary>True for the answer to a classic token.</summary>
    public bool IsClassic => Held is not null;

    /// <summary>Whether the sign-in has it; null when that cannot be told.</summary>
    public bool? IsHeldBy(IGitHubSignIn? signIn)
    {
        if (signIn is { IsApp: true } || !IsClassic)
        {
            // GitHub tells what an installation may do, and never what a fine-grained token may.
            return signIn is AppSignIn { Permissions: { Count: > 0 } may } ? Allows(may) : null;
        }

        // The right scope proves nothing: such a token reaches what its person reaches, and nobody tells that person's role.
        var accepted = Names(Scopes);
        return accepted.Length > 0 && !Names(Held).Any(held => accepted.Any(scope => Covers(held, scope))) ? false : null;
    }

    /// <summary>By three-valued logic: what is not known decides nothing unless another set is there.</summary>
    private bool? Allows(IReadOnlyDictionary<string, string> may)
    {
        var sets = (Permissions ?? string.Empty).Split(';').Select(Names).Where(set => set.Length > 0).ToList();
        return sets.Count == 0 ? null : sets.Aggregate((bool?)false, (any, set) => any | set.Aggregate((bool?)true, (all, one) => all & Allows(may, one)));
    }

    private static bool? Allows(IReadOnlyDictionary<string, string> may, string permission)
    {
        var (name, level) = permission.Split('=', 2) is [var before, var after] ? (before.Trim(), after.Trim()) : (permission, "read");
        if (name == "allows_permissionless_access")
        {
            return true;
        }

        if (!may.TryGetValue(name, out var has))
        {
            return false;
        }

        return Rank(has) > 0 && Rank(level) > 0 ? Rank(has) >= Rank(level) : null;
    }

    private static int Rank(string level) => level switch { "read" => 1, "write" => 2, "admin" => 3, _ => 0 };

    /// <summary>GitHub names the largest scopes of a token only; they hold smaller ones.</summary>
    private static bool Covers(string held, string scope) => held == scope || held switch
    {
        "repo" => scope is "public_repo" or "repo:status" or "repo_deployment" or "repo:invite" or "security_events",
        "user" => scope is "read:user" or "user:email" or "user:follow",
        "audit_log" => scope == "read:audit_log",
        "codespace" => scope == "codespace:secrets",
        "project" => scope == "read:project",
        _ => held.Split(':', 2) is [var more, var of] && scope.Split(':', 2) is [var less, var on] && of == on
            && ((more == "admin" && less is "write" or "read" or "manage_runners" or "manage_billing") || (more == "write" && less == "read")),
    };

    private static string[] Names(string? list) =>
        (list ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
