using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Outbound;

namespace NhiGovernance.Sources.Connectors.GitHub.Http;

/// <summary>
/// Speaks GitHub's REST API for one run: signs in, pages, waits for limits, tries again, and says plainly why it gives up.
/// It only ever sends to the host of <paramref name="home"/>.
/// </summary>
/// <remarks>
/// Limits: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api. A primary limit is
/// <c>x-ratelimit-remaining: 0</c>; a secondary one is 403 or 429 with Retry-After or with words in the message.
/// </remarks>
internal sealed class GitHubHttp(HttpClient client, Uri home, GitHubLimits limits, TimeProvider clock, Action<string>? say = null) : IDisposable
{
    public const string ApiVersion = "2022-11-28";

    private readonly RateGate _gate = new(limits, clock, say);
    private long _requests;
    private long _unchanged;
    private string? _dead;

    public Uri Home { get; } = home;

    public GitHubLimits Limits => limits;

    public TimeProvider Clock => clock;

    public IGitHubSignIn? SignIn { get; set; }

    public SignInFacts Facts { get; private set; } = new();

    public long Requests => Interlocked.Read(ref _requests);

    public long Unchanged => Interlocked.Read(ref _unchanged);

    public TimeSpan Waited => _gate.Waited;

    /// <summary>Server's clock minus ours, as of the last answer.</summary>
    public TimeSpan ClockOffset { get; private set; }

    /// <summary>An address below the API's root. <paramref name="path"/> has its segments escaped already.</summary>
    public Uri At(string path) => new(Home, path);

    /// <exception cref="GitHubRefusal">No answer that can be used.</exception>
    public Task<Answer<T>> GetAsync<T>(Uri address, JsonTypeInfo<T> type, string? etag, CancellationToken cancellationToken)
        where T : class =>
        CallAsync(HttpMethod.Get, address, Json(type), etag, SignIn, cancellationToken);

    /// <summary>By another sign-in than this run's: the App itself.</summary>
    public Task<Answer<T>> GetAsAsync<T>(Uri address, JsonTypeInfo<T> type, IGitHubSignIn signIn, CancellationToken cancellationToken)
        where T : class =>
        CallAsync(HttpMethod.Get, address, Json(type), null, signIn, cancellationToken);

    public Task<Answer<byte[]>> GetBytesAsync(Uri address, string? etag, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Get, address, AllBytesAsync, etag, SignIn, cancellationToken);

    public Task<Answer<T>> PostAsync<T>(Uri address, JsonTypeInfo<T> type, IGitHubSignIn signIn, CancellationToken cancellationToken)
        where T : class =>
        CallAsync(HttpMethod.Post, address, Json(type), null, signIn, cancellationToken);

    /// <summary>No further request of this run can succeed: each fails at once with this sentence.</summary>
    public void Stop(string why) => _dead = why;

    public void Dispose() => _gate.Dispose();

    private static Func<Stream, CancellationToken, ValueTask<T>> Json<T>(JsonTypeInfo<T> type)
        where T : class =>
        async (body, cancellationToken) => await JsonSerializer.DeserializeAsync(body, type, cancellationToken)
            ?? throw new JsonException("null");

    private static async ValueTask<byte[]> AllBytesAsync(Stream body, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        await body.CopyToAsync(whole, cancellationToken);
        return whole.ToArray();
    }

    private async Task<Answer<T>> CallAsync<T>(
        HttpMethod method, Uri address, Func<Stream, CancellationToken, ValueTask<T>> parse, string? etag, IGitHubSignIn? signIn,
        CancellationToken cancellationToken)
        where T : class
    {
        if (address.Scheme != Home.Scheme || address.Port != Home.Port || !string.Equals(address.IdnHost, Home.IdnHost, StringComparison.OrdinalIgnoreCase))
        {
            throw GitHubRefusal.Broken("A request for another host was not sent.");
        }

        var bucket = address.AbsolutePath.EndsWith("/audit-log", StringComparison.Ordinal) ? "audit_log" : "core";
        var tries = 0;
        var limited = 0;
        var renewed = false;
        while (true)
        {
            if (_dead is { } why)
            {
                throw GitHubRefusal.Broken(why, HttpStatusCode.Unauthorized);
            }

            var authorization = signIn is null ? null : await signIn.HeaderAsync(cancellationToken);
            Attempt<T> attempt;
            await _gate.EnterAsync(bucket, cancellationToken);
            try
            {
                Interlocked.Increment(ref _requests);
                attempt = await TryAsync(method, address, parse, etag, authorization, cancellationToken);
                if (attempt.Silence is { } silence)
                {
                    // Before the slot is free: nobody may slip out between the answer and the silence.
                    _gate.SilenceFor(attempt.SilenceOfResource ? bucket : RateGate.Everything, silence == TimeSpan.MinValue ? limits.SecondaryWait * (1 << Math.Min(limited, 5)) : silence);
                }
            }
            finally
            {
                _gate.Leave();
            }

            if (attempt.Answer is { } answer)
            {
                if (answer.IsUnchanged)
                {
                    Interlocked.Increment(ref _unchanged);
                }

                return answer;
            }

            switch (attempt.Next)
            {
                case Next.WaitForLimit when ++limited <= limits.LimitWaits:
                    break;
                case Next.TryAgain when ++tries < limits.Attempts:
                    await Task.Delay(Backoff(tries), clock, cancellationToken);
                    break;
                case Next.RenewSignIn when !renewed && signIn is not null && await signIn.RenewAsync(authorization, cancellationToken):
                    renewed = true;
                    break;
                case Next.RenewSignIn:
                    _dead = attempt.Refusal!.Message;
                    throw attempt.Refusal;
                default:
                    throw attempt.Refusal!;
            }
        }
    }

    /// <summary>Doubles, between half and the whole of it: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/.</summary>
    private TimeSpan Backoff(int tries) =>
        limits.FirstBackoff * (1 << (tries - 1)) * (0.5 + (Random.Shared.NextDouble() / 2));

    private async Task<Attempt<T>> TryAsync<T>(
        HttpMethod method, Uri address, Func<Stream, CancellationToken, ValueTask<T>> parse, string? etag,
        AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
        where T : class
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = authorization;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.github+json"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("NhiGovernance", "1.0"));
        request.Headers.TryAddWithoutValidation("X-GitHub-Api-Version", ApiVersion);
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        }

        // The network does not run by the run's clock, which tests wind by hand.
        using var timed = new CancellationTokenSource(limits.RequestTime, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timed.Token);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            Facts = Headers.Facts(response, Facts);
            ClockOffset = response.Headers.Date is { } date ? date - clock.GetUtcNow() : ClockOffset;
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NotModified))
            {
                return await Refusals.JudgeAsync<T>(response, clock, either.Token);
            }

            var silence = Headers.PrimaryLimit(response, clock);
            var (next, last) = LinkHeader.Read(Headers.All(response, "Link"), Home);
            if (response.StatusCode == HttpStatusCode.NotModified)
            {
                return new(new(response.StatusCode, null, etag, next, last)) { Silence = silence, SilenceOfResource = Headers.IsOfOwnResource(response) };
            }

            if (response.Content.Headers.ContentType?.MediaType is not { } media || !media.EndsWith("json", StringComparison.OrdinalIgnoreCase))
            {
                return Attempt<T>.Again("GitHub answered with a page instead of JSON; something between here and GitHub may have answered for it.");
            }

            await using var body = new CappedBody(await response.Content.ReadAsStreamAsync(either.Token), limits.MaxBody);
            var parsed = await parse(body, either.Token);
            return new(new(response.StatusCode, parsed, response.Headers.ETag?.ToString(), next, last)) { Silence = silence, SilenceOfResource = Headers.IsOfOwnResource(response) };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Attempt<T>.Again($"GitHub did not answer in full within {limits.RequestTime.TotalSeconds:0} s.");
        }
        catch (OutboundRefusedException refused)
        {
            return Attempt<T>.Stop(GitHubRefusal.Broken(refused.Message));
        }
        catch (TlsRefusedException refused)
        {
            return Attempt<T>.Stop(GitHubRefusal.Broken(refused.Message));
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            return Attempt<T>.Again("GitHub's answer is cut off, or not in the form that its API describes.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return Refusals.Network<T>(error, Home.IdnHost);
        }
    }
}
