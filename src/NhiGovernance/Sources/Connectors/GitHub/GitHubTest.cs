using System.Globalization;
using System.Runtime.CompilerServices;
using NhiGovernance.Sources.Connectors.GitHub.Documents;
using NhiGovernance.Sources.Connectors.GitHub.Http;
using NhiGovernance.Sources.Connectors.GitHub.Scopes;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Connectors.GitHub;

/// <summary>The connection test: address, connection, sign-in, limit, owner, a sample, each permission, and whether there are too many.</summary>
internal sealed class GitHubTest(ConnectorContext context, GitHubLimits limits)
{
    /// <summary>Somebody waits for it: no patience for limits, few retries.</summary>
    private readonly GitHubLimits _limits = limits with { Attempts = Math.Min(2, limits.Attempts), WaitBudget = TimeSpan.Zero };

    public async IAsyncEnumerable<TestStep> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (session, step) = await TryAsync("Address and credential", () => OpenAsync(cancellationToken));
        yield return step;
        if (session is null)
        {
            yield break;
        }

        using var used = session;
        foreach (var (name, check) in Basics(session, cancellationToken))
        {
            var (done, outcome) = await TryAsync(name, check);
            yield return outcome;
            if (done is null)
            {
                yield break;
            }
        }

        foreach (var login in session.Settings.Owners)
        {
            var (owner, found) = await TryAsync($"Find {login}", async () =>
            {
                var place = await session.OwnerAsync(login, cancellationToken);
                return (place, new TestStep($"Find {login}", TestOutcome.Pass, place.IsOrganization ? "An organization." : "A user; organization lists do not apply."));
            });
            yield return found;
            if (owner is not null)
            {
                await foreach (var permission in PermissionsAsync(session, owner, cancellationToken))
                {
                    yield return permission;
                }
            }
        }

        yield return TooMuch(session);
    }

    private static IEnumerable<(string Name, Func<Task<(object?, TestStep)>> Check)> Basics(GitHubSession session, CancellationToken cancellationToken)
    {
        var http = session.Http;
        var secure = http.Home.Scheme == Uri.UriSchemeHttps;
        yield return (secure ? $"Connect to {http.Home.IdnHost} by TLS" : $"Connect to {http.Home.IdnHost}", async () =>
        {
            var name = secure ? $"Connect to {http.Home.IdnHost} by TLS" : $"Connect to {http.Home.IdnHost}";
            try
            {
                await http.GetAsync(http.At("rate_limit"), GitHubJson.Default.RateDocument, null, cancellationToken);
            }
            catch (GitHubRefusal refusal) when (refusal.Kind is RefusalKind.NotFound or RefusalKind.FeatureOff)
            {
                // An Enterprise Server without limits answers 404 here: it was reached, and that is what this step asks.
            }

            return (http, secure
                ? new(name, TestOutcome.Pass, "The certificate was accepted.")
                : new TestStep(name, TestOutcome.Warn, "Without TLS: whoever listens on the way can read the credential."));
        });
        yield return (session.SignIn.IsApp ? "Sign in as a GitHub App" : "Sign in with the token", async () => await SignInAsync(session, cancellationToken));
        yield return ("Rate limit", () => Task.FromResult<(object?, TestStep)>((http, Limit(http))));
    }

    private static async Task<(object?, TestStep)> SignInAsync(GitHubSession session, CancellationToken cancellationToken)
    {
        var http = session.Http;
        if (session.SignIn is AppSignIn app)
        {
            await app.HeaderAsync(cancellationToken);
            return (app, new("Sign in as a GitHub App", TestOutcome.Pass, $"Installation {session.Settings.InstallationId} gave a token for an hour, with {session.AppPermissions.Count} permissions."));
        }

        var user = await http.GetAsync(http.At("user"), GitHubJson.Default.AccountDocument, null, cancellationToken);
        var kind = http.Facts.Scopes is { } scopes
            ? $"a classic token with the scopes {(scopes.Count == 0 ? "(none)" : Text.Clean(string.Join(", ", scopes)))}"
            : "a fine-grained token";
        var expires = http.Facts.ExpiresAt is { } at
            ? $"It expires on {at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}."
            : "GitHub does not say that it ever expires.";
        return (user, new("Sign in with the token", http.Facts.ExpiresAt is null ? TestOutcome.Warn : TestOutcome.Pass,
            $"{Text.Name(user.Body!.Login, "a user")}, by {kind}. {expires}"));
    }

    private static TestStep Limit(GitHubHttp http) => http.Facts is { Limit: { } limit, Remaining: { } left }
        ? new("Rate limit", left > limit / 10 ? TestOutcome.Pass : TestOutcome.Warn, string.Create(CultureInfo.InvariantCulture, $"{left} of {limit} requests are left this hour."))
        : new("Rate limit", TestOutcome.Pass, "This server sets none.");

    private async IAsyncEnumerable<TestStep> PermissionsAsync(GitHubSession session, OwnerPlace owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var list = new Repositories();
        var sample = await CheckAsync(list, owner.Login, reading => list.ReadAsync(reading, owner, session, cancellationToken), session, cancellationToken);
        var found = list.Found;
        yield return sample with { Name = $"Repositories of {owner.Login}", Detail = found.Count == 0 ? sample.Detail : $"{found.Count} on the first page: {string.Join(", ", found.Take(3).Select(r => r.FullName))}{(found.Count > 3 ? "…" : ".")}" };
        if (owner.IsOrganization)
        {
            foreach (var scope in GitHubScopes.For(session.Settings).Concat(WeekOfRequests.Of(session).Take(2)).Append(new AuditLogSample()))
            {
                yield return (scope.LeftOut(session.Settings) ?? scope.NotAvailable(session.SignIn)) is { } why
                    ? new(Name(scope, owner.Login), TestOutcome.Skipped, why)
                    : await CheckAsync(scope, owner.Login, reading => scope.ReadAsync(reading, owner, cancellationToken), session, cancellationToken);
            }
        }

        if (found.FirstOrDefault(r => session.Settings.Reads(r.FullName)) is not { } repository)
        {
            yield return new("Permissions on repositories", TestOutcome.Skipped, "There is no repository to try them on.");
            yield break;
        }

        foreach (var scope in GitHubScopes.OfRepositories.Where(s => s.Concerns(repository)))
        {
            yield return (scope.LeftOut(session.Settings) ?? scope.NotAvailable(session.SignIn)) is { } why
                ? new(Name(scope, repository.FullName), TestOutcome.Skipped, why)
                : await CheckAsync(scope, repository.FullName, reading => scope.ReadAsync(reading, repository, cancellationToken), session, cancellationToken);
        }
    }

    /// <summary>Reads the first page of a list, as a poll would.</summary>
    private static async Task<TestStep> CheckAsync(
        GitHubScope scope, string place, Func<ScopeReading, IAsyncEnumerable<IReadOnlyList<Observation>>> read, GitHubSession session,
        CancellationToken cancellationToken)
    {
        var reading = new ScopeReading(session.For(scope), null, session.Settings.OidcIssuer);
        try
        {
            var count = 0;
            await foreach (var page in read(reading).WithCancellation(cancellationToken))
            {
                count = page.Count(o => o is not CredentialObservation { Kind: not CredentialKind.CiSecret });
                break;
            }

            return reading.Missing is [var missing, ..]
                ? Lacks(scope, place, missing)
                : new(Name(scope, place), TestOutcome.Pass, count == 0 ? "Readable; there are none." : $"Readable; {count} on the first page.");
        }
        catch (GitHubRefusal refusal) when (refusal.Kind == RefusalKind.Denied)
        {
            return Lacks(scope, place, refusal.Permission ?? scope.Permission);
        }
        catch (GitHubRefusal refusal) when (refusal.Kind == RefusalKind.NotFound)
        {
            var verdict = NotFoundAnswer.Judge(scope, refusal, session.For(scope).SignIn);
            return verdict == NotFoundVerdict.Denied
                ? Lacks(scope, place, refusal.Permission ?? scope.Permission)
                : new(Name(scope, place), verdict == NotFoundVerdict.Unclear ? TestOutcome.Warn : TestOutcome.Skipped, NotFoundAnswer.Why(scope, refusal, verdict));
        }
        catch (GitHubRefusal refusal) when (refusal.Kind == RefusalKind.FeatureOff)
        {
            return new(Name(scope, place), TestOutcome.Skipped, refusal.Message);
        }
        catch (GitHubRefusal refusal)
        {
            return new(Name(scope, place), TestOutcome.Fail, refusal.Message);
        }
    }

    private static TestStep Lacks(GitHubScope scope, string place, string permission) =>
        new(Name(scope, place), scope is Repositories ? TestOutcome.Fail : TestOutcome.Warn, $"Missing: {permission}. Grant it, or {scope.Title} stay unknown.");

    private static string Name(GitHubScope scope, string place) => $"{char.ToUpperInvariant(scope.Title[0])}{scope.Title[1..]} of {place}";

    private static TestStep TooMuch(GitHubSession session)
    {
        const string Name = "No more than needed";
        if (session.SignIn.IsApp)
        {
            var writes = session.AppPermissions.Where(p => p.Value != "read").Select(p => $"{p.Key}:{p.Value}").Order(StringComparer.Ordinal).ToList();
            return writes.Count == 0
                ? new(Name, TestOutcome.Pass, "The App may only read.")
                : new(Name, TestOutcome.Warn, $"The App may write: {Text.Clean(string.Join(", ", writes))}. Reading is enough here.");
        }

        if (session.Http.Facts.Scopes is not { } scopes)
        {
            return new(Name, TestOutcome.Skipped, "GitHub does not tell what a fine-grained token may do; compare it with the list of permissions.");
        }

        var tooMuch = scopes.Where(s => !GitHubPermissions.ReadingScopes.Contains(s)).Order(StringComparer.Ordinal).ToList();
        var writing = scopes.Where(s => s is "repo" or "admin:org" or "admin:org_hook").Order(StringComparer.Ordinal).ToList();
        return tooMuch.Count > 0
            ? new(Name, TestOutcome.Warn, $"The token holds more than reading needs: {Text.Clean(string.Join(", ", tooMuch))}.")
            : writing.Count > 0
                ? new(Name, TestOutcome.Warn, $"The scopes {string.Join(", ", writing)} can write too; classic tokens have no smaller ones. A fine-grained token or an App can be read-only.")
                : new(Name, TestOutcome.Pass, "The token may only read.");
    }

    private async Task<(GitHubSession?, TestStep)> OpenAsync(CancellationToken cancellationToken)
    {
        var session = await GitHubSession.OpenAsync(context, _limits, cancellationToken);
        return (session, new("Address and credential", TestOutcome.Pass, $"The API is at {session.Http.Home}."));
    }

    private static async Task<(T?, TestStep)> TryAsync<T>(string name, Func<Task<(T?, TestStep)>> check)
        where T : class
    {
        try
        {
            return await check();
        }
        catch (GitHubRefusal refusal)
        {
            var detail = refusal.Kind switch
            {
                RefusalKind.NotFound => "GitHub knows none of that name that this sign-in may see. Check the spelling, and that the token or App has access.",
                RefusalKind.Denied when refusal.Permission is { } permission => $"{refusal.Message} Grant: {permission}.",
                _ => refusal.Message,
            };
            return (null, new(name, TestOutcome.Fail, detail));
        }
    }
}
