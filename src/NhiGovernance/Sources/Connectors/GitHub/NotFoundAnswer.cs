using NhiGovernance.Sources.Connectors.GitHub.Http;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>What a 404 on a list says, when its place is there.</summary>
internal enum NotFoundVerdict
{
    /// <summary>A permission is missing.</summary>
    Denied,

    /// <summary>Nothing is missing: the plan, or a setting, does not have the list.</summary>
    NotThere,

    /// <summary>One of the two, and nobody can tell which.</summary>
    Unclear,
}

/// <summary>
/// GitHub answers 404 both for a list that the plan does not have and for one that it hides. Which it is, is judged from what the
/// answer names as needed and from what is known of the sign-in:
/// a classic token that has none of the accepted scopes, and an App's installation that lacks a named permission, are
/// <see cref="NotFoundVerdict.Denied"/>; an installation that has what is named is <see cref="NotFoundVerdict.NotThere"/>. A fine-grained
/// token, of which GitHub never tells the permissions, a classic one with the right scope, whose person may lack the role, and an answer that names
/// nothing stay <see cref="NotFoundVerdict.Unclear"/>.
/// </summary>
internal static class NotFoundAnswer
{
    /// <summary>Whoever sees a repository has it.</summary>
    private const string Metadata = "Metadata: read";

    /// <param name="signIn">The one that the list was read with.</param>
    public static NotFoundVerdict Judge(GitHubScope definition, GitHubRefusal refusal, IGitHubSignIn? signIn)
    {
        if (definition.NotFound == NotFoundMeans.Denied)
        {
            return NotFoundVerdict.Denied;
        }

        if (definition.Permission == Metadata)
        {
            return NotFoundVerdict.NotThere;
        }

        return refusal.Needs?.IsHeldBy(signIn) switch
        {
            false => NotFoundVerdict.Denied,
            true => NotFoundVerdict.NotThere,
            null => NotFoundVerdict.Unclear,
        };
    }

    /// <summary>What may be missing where it is <see cref="NotFoundVerdict.Unclear"/>.</summary>
    public static string Missing(GitHubScope definition, GitHubRefusal refusal) =>
        // A classic token that comes here has the scope that the answer names, if it names one: what may be missing is more than that.
        refusal.Needs is { IsClassic: true } ? definition.Permission : refusal.Permission ?? definition.Permission;

    /// <summary>The verdict in a plain sentence; what to grant when it is <see cref="NotFoundVerdict.Denied"/> stands elsewhere.</summary>
    public static string Why(GitHubScope definition, GitHubRefusal refusal, NotFoundVerdict verdict)
    {
        if (verdict != NotFoundVerdict.Unclear)
        {
            return $"GitHub has no {definition.Title} here (404): not part of the plan, or switched off. No permission is missing.";
        }

        return $"Not known: GitHub shows no {definition.Title} here (404), either because they are not part of the plan or switched off, "
            + $"or because \"{Missing(definition, refusal)}\" is missing. Which of them, GitHub does not tell this sign-in.";
    }
}
