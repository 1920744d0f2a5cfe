namespace NhiGovernance.Sources.Connectors.GitHub.Http;

internal enum Next
{
    GiveUp,
    TryAgain,
    WaitForLimit,
    RenewSignIn,
}

/// <summary>One try of one request: an answer, or a refusal and what to do about it.</summary>
internal sealed record Attempt<T>(Answer<T>? Answer)
{
    public GitHubRefusal? Refusal { get; private init; }

    public Next Next { get; private init; }

    /// <summary>How long GitHub wants nothing more; <see cref="TimeSpan.MinValue"/> when it did not say how long.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>True when only lists of this request's own resource ("audit_log") have used up their hour: others may go on.</summary>
    public bool SilenceOfResource { get; init; }

    public static Attempt<T> Again(string message, System.Net.HttpStatusCode status = 0) =>
        new((Answer<T>?)null) { Next = Next.TryAgain, Refusal = GitHubRefusal.Broken(message, status) };

    public static Attempt<T> Stop(GitHubRefusal refusal, Next next = Next.GiveUp) => new((Answer<T>?)null) { Next = next, Refusal = refusal };
}
