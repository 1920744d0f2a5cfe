using System.Net.Http.Headers;

namespace NhiGovernance.Sources.Connectors.GitHub.Http;

/// <summary>Who the requests come from.</summary>
internal interface IGitHubSignIn
{
    bool IsApp { get; }

    ValueTask<AuthenticationHeaderValue> HeaderAsync(CancellationToken cancellationToken);

    /// <summary>After a 401: makes a new credential when it can. False when there is nothing newer than <paramref name="refused"/>.</summary>
    Task<bool> RenewAsync(AuthenticationHeaderValue? refused, CancellationToken cancellationToken);
}

/// <summary>A classic or fine-grained token, or a user's.</summary>
internal sealed class TokenSignIn(string token) : IGitHubSignIn
{
    private readonly AuthenticationHeaderValue _header = new("Bearer", token);

    public bool IsApp => false;

    public ValueTask<AuthenticationHeaderValue> HeaderAsync(CancellationToken cancellationToken) => new(_header);

    public Task<bool> RenewAsync(AuthenticationHeaderValue? refused, CancellationToken cancellationToken) => Task.FromResult(false);
}
