using System.Net;

namespace NhiGovernance.Sources.Connectors.GitHub.Http;

internal enum RefusalKind
{
    /// <summary>A permission is missing; <see cref="GitHubRefusal.Permission"/> says which, when GitHub said so.</summary>
    Denied,

    /// <summary>404: gone, hidden or switched off; the scope knows which.</summary>
    NotFound,

    /// <summary>The plan or a setting has this feature off, in words that GitHub uses for that.</summary>
    FeatureOff,

    /// <summary>An error, a limit, or an answer that cannot be trusted.</summary>
    Broken,
}

/// <summary>Why a request did not give what was asked for. The message is plain, and never quotes GitHub's body.</summary>
internal sealed class GitHubRefusal(RefusalKind kind, HttpStatusCode status, string message) : Exception(message)
{
    public RefusalKind Kind { get; } = kind;

    /// <summary>0 when no answer came.</summary>
    public HttpStatusCode Status { get; } = status;

    public string? Permission { get; init; }

    /// <summary>For <see cref="RefusalKind.NotFound"/>: what the answer names as needed, to be held against the sign-in.</summary>
    public NeededGrant? Needs { get; init; }

    /// <summary>GitHub said in words that there is none ("Branch not protected"), which is an answer and no refusal.</summary>
    public bool SaysNone { get; init; }

    /// <summary>It could be parsed, and lacks what it cannot be without: somebody else's answer, or a broken one.</summary>
    public static GitHubRefusal NotAsDescribed() => Broken("GitHub's answer is not in the form that its API describes.");

    public static GitHubRefusal Broken(string message, HttpStatusCode status = 0) => new(RefusalKind.Broken, status, message);
}
