namespace NhiGovernance.Access;

/// <summary>A proven sign-in, from which the host makes a session.</summary>
/// <param name="Stamp">The account's security stamp; the session ends when it changes.</param>
/// <param name="At">By the database's clock.</param>
/// <param name="SessionId">Of this one sign-in; a sign-out ends it and no other.</param>
public sealed record SignedIn(Guid AccountId, string Stamp, DateTimeOffset At, Guid SessionId);

/// <summary>A one-time link, told once. <paramref name="Path"/> is relative to the address of the product.</summary>
public sealed record OneTimeLink(string Path, DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"a link that ends at {ExpiresAt:u}";

    internal static string PathOf(string secret) => "/sign-in/link/" + secret;
}
