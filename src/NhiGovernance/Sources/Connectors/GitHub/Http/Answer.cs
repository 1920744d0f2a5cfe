using System.Net;

namespace NhiGovernance.Sources.Connectors.GitHub.Http;

/// <summary>What came back: 200 with a body, or 304 without one.</summary>
/// <param name="Next">Where the list goes on, on the same host; null at its end.</param>
/// <param name="LastPage">The number of the last page, when GitHub promised one.</param>
internal sealed record Answer<T>(HttpStatusCode Status, T? Body, string? ETag, Uri? Next, int? LastPage)
{
    public bool IsUnchanged => Status == HttpStatusCode.NotModified;
}

/// <summary>What the headers say about whoever is signed in; the newest wins.</summary>
internal sealed record SignInFacts
{
    /// <summary>Scopes of a classic token; null for fine-grained tokens and apps.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public long? Limit { get; init; }

    public long? Remaining { get; init; }
}
