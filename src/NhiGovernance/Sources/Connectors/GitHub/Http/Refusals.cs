using System.Net;
using System.Text.Json;

namespace NhiGovernance.Sources.Connectors.GitHub.Http;

/// <summary>Tells GitHub's refusals apart. GitHub's own words only decide; they are never passed on.</summary>
internal static class Refusals
{
    private const int MessageBytes = 64 * 1024;

    public static async Task<Attempt<T>> JudgeAsync<T>(HttpResponseMessage response, TimeProvider clock, CancellationToken cancellationToken)
    {
        var status = response.StatusCode;
        var code = (int)status;
        if (code is >= 300 and < 400)
        {
            return Attempt<T>.Stop(GitHubRefusal.Broken("GitHub sent a redirect: what was asked for has moved or was renamed meanwhile.", status));
        }

        if (code >= 500)
        {
            return Attempt<T>.Again($"GitHub answered {code} several times.", status) with { Silence = Headers.RetryAfter(response, clock) };
        }

        var words = await WordsAsync(response, cancellationToken);
        if (code is 403 or 429 && Limit<T>(response, clock, status, words) is { } limited)
        {
            return limited;
        }

        return code switch
        {
            401 => Attempt<T>.Stop(GitHubRefusal.Broken("GitHub refused the sign-in (401): the credential is wrong, expired or revoked.", status), Next.RenewSignIn),
            403 => Attempt<T>.Stop(Forbidden(response, words)),
            404 => Attempt<T>.Stop(IsOff(words)
                ? new(RefusalKind.FeatureOff, status, "This feature is switched off there.")
                : new(RefusalKind.NotFound, status, "GitHub answered 404.")
                {
                    Permission = Accepted(response),
                    Needs = new(Headers.First(response, "X-Accepted-GitHub-Permissions"), Headers.First(response, "X-Accepted-OAuth-Scopes"), Headers.First(response, "X-OAuth-Scopes")),
                    SaysNone = Has(words, "branch not protected") || Has(words, "branch not found"),
                }),
            405 => Attempt<T>.Stop(new(RefusalKind.FeatureOff, status, "This server does not have this list (405).")),
            410 => Attempt<T>.Stop(new(RefusalKind.FeatureOff, status, "GitHub no longer offers this list (410).")),
            451 => Attempt<T>.Stop(GitHubRefusal.Broken("GitHub withholds this for legal reasons (451).", status)),
            _ => Attempt<T>.Stop(GitHubRefusal.Broken($"GitHub answered {code}.", status)),
        };
    }

    public static Attempt<T> Network<T>(Exception error, string host) =>
        (error as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => Attempt<T>.Again($"The name {host} could not be resolved."),
            HttpRequestError.SecureConnectionError => Attempt<T>.Stop(GitHubRefusal.Broken($"TLS error: the certificate of {host} was not accepted.")),
            HttpRequestError.ConnectionError => Attempt<T>.Again($"No connection to {host}."),
            HttpRequestError.ConfigurationLimitExceeded => Attempt<T>.Stop(GitHubRefusal.Broken("GitHub's answer is longer than any page of it should be.")),
            _ => Attempt<T>.Again($"The connection to {host} broke while it answered."),
        };

    private static Attempt<T>? Limit<T>(HttpResponseMessage response, TimeProvider clock, HttpStatusCode status, string words)
    {
        var refusal = GitHubRefusal.Broken("GitHub's rate limit was met again and again.", status);
        if (Headers.RetryAfter(response, clock) is { } after)
        {
            return Attempt<T>.Stop(refusal, Next.WaitForLimit) with { Silence = after };
        }

        if (Headers.PrimaryLimit(response, clock) is { } reset)
        {
            return Attempt<T>.Stop(refusal, Next.WaitForLimit) with { Silence = reset, SilenceOfResource = Headers.IsOfOwnResource(response) };
        }

        return status == HttpStatusCode.TooManyRequests || Has(words, "secondary rate limit") || Has(words, "abuse detection")
            ? Attempt<T>.Stop(refusal, Next.WaitForLimit) with { Silence = TimeSpan.MinValue }
            : null;
    }

    private static GitHubRefusal Forbidden(HttpResponseMessage response, string words)
    {
        if (Headers.First(response, "X-GitHub-SSO") is { } sso && sso.StartsWith("required", StringComparison.OrdinalIgnoreCase))
        {
            return Denied("SAML single sign-on: authorize this token for the organization");
        }

        if (Has(words, "ip allow list"))
        {
            return Denied("IP allow list: add this server's address to the organization's list");
        }

        if (Has(words, "forbids access via a"))
        {
            return Denied("the organization's token policy: it refuses this kind of token, or its lifetime");
        }

        return IsOff(words)
            ? new(RefusalKind.FeatureOff, HttpStatusCode.Forbidden, "This feature is not in the plan, or is switched off there.")
            : Denied(Accepted(response));
    }

    private static GitHubRefusal Denied(string? permission) =>
        new(RefusalKind.Denied, HttpStatusCode.Forbidden, "GitHub refused (403): a permission is missing.") { Permission = permission };

    /// <summary>
    /// "administration=read" becomes "Administration: read"; of alternatives (";") the first, which asks for least. To a classic
    /// token, which cannot be given such, the scopes.
    /// </summary>
    private static string? Accepted(HttpResponseMessage response)
    {
        if (Headers.First(response, "X-OAuth-Scopes") is not null && Headers.First(response, "X-Accepted-OAuth-Scopes") is { Length: > 0 } classic)
        {
            return Text.Clean($"scope {string.Join(" or ", classic.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))}", 200);
        }

        return Headers.First(response, "X-Accepted-GitHub-Permissions") is { Length: > 0 } fine
            ? Text.Clean(string.Join(", ", fine.Split(';')[0].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(p => p.Split('=', 2)).Select(p => $"{Title(p[0])}: {(p.Length > 1 ? p[1] : "read")}")), 200)
            : null;
    }

    private static string Title(string name)
    {
        var words = name.Trim().Replace('_', ' ');
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static bool IsOff(string words) =>
        Has(words, "is disabled") || Has(words, "not enabled") || Has(words, "must be enabled") || Has(words, "upgrade to")
        || Has(words, "not available") || Has(words, "are disabled") || Has(words, "no longer supported");

    private static bool Has(string words, string phrase) => words.Contains(phrase, StringComparison.OrdinalIgnoreCase);

    /// <summary>The <c>message</c> of an error body, for deciding only.</summary>
    private static async Task<string> WordsAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = new CappedBody(await response.Content.ReadAsStreamAsync(cancellationToken), MessageBytes);
            using var parsed = await JsonDocument.ParseAsync(body, default, cancellationToken);
            return parsed.RootElement.ValueKind == JsonValueKind.Object
                && parsed.RootElement.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
                ? message.GetString() ?? string.Empty
                : string.Empty;
        }
        catch (Exception error) when (error is JsonException or GitHubRefusal or HttpRequestException or IOException)
        {
            return string.Empty;
        }
    }
}
