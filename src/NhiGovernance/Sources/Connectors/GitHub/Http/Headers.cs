using System.Globalization;

namespace NhiGovernance.Sources.Connectors.GitHub.Http;

/// <summary>What GitHub's headers say.</summary>
internal static class Headers
{
    public static IEnumerable<string> All(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values : [];

    public static string? First(HttpResponseMessage response, string name) => All(response, name).FirstOrDefault();

    public static SignInFacts Facts(HttpResponseMessage response, SignInFacts before) => new()
    {
        Scopes = First(response, "X-OAuth-Scopes") is { } scopes
            ? scopes.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : before.Scopes,
        ExpiresAt = Expiry(First(response, "GitHub-Authentication-Token-Expiration")) ?? before.ExpiresAt,
        Limit = Number(response, "X-RateLimit-Limit") ?? before.Limit,
        Remaining = Number(response, "X-RateLimit-Remaining") ?? before.Remaining,
    };

    /// <summary>How long nothing may be sent, when this answer used up the hour; null when there is some left.</summary>
    public static TimeSpan? PrimaryLimit(HttpResponseMessage response, TimeProvider clock)
    {
        if (Number(response, "X-RateLimit-Remaining") is not 0 || Number(response, "X-RateLimit-Reset") is not { } reset
            || reset is < 0 or > 253402300799)
        {
            return null;
        }

        // By the server's clock where it says its time, so that a clock that is off here does no harm.
        var now = response.Headers.Date ?? clock.GetUtcNow();
        var wait = DateTimeOffset.FromUnixTimeSeconds(reset) - now;
        return wait <= TimeSpan.Zero ? TimeSpan.FromSeconds(1) : wait + TimeSpan.FromSeconds(1);
    }

    /// <summary>The hour that an answer counts is that of the audit log alone, not the one of all other lists.</summary>
    public static bool IsOfOwnResource(HttpResponseMessage response) => First(response, "X-RateLimit-Resource") is { Length: > 0 } resource && resource != "core";

    /// <summary>Seconds, or a date (RFC 9110, 10.2.3).</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider clock)
    {
        if (response.Headers.RetryAfter is not { } after)
        {
            return null;
        }

        var wait = after.Delta ?? (after.Date - (response.Headers.Date ?? clock.GetUtcNow())) ?? TimeSpan.Zero;
        return wait <= TimeSpan.Zero ? TimeSpan.FromSeconds(1) : wait;
    }

    public static long? Number(HttpResponseMessage response, string name) =>
        long.TryParse(First(response, name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>"2026-12-01 00:00:00 UTC", or with an offset.</summary>
    internal static DateTimeOffset? Expiry(string? raw) =>
        Text.Instant(raw?.Replace(" UTC", "Z", StringComparison.Ordinal));
}
