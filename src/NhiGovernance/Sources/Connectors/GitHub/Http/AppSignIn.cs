using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using NhiGovernance.Sources.Connectors.GitHub.Documents;

namespace NhiGovernance.Sources.Connectors.GitHub.Http;

/// <summary>
/// A GitHub App: a JWT signed by its private key buys an installation token for an hour. The token lives in memory only, and
/// is bought again shortly before it ends, in the middle of a run too.
/// </summary>
/// <remarks>https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app</remarks>
internal sealed class AppSignIn(GitHubHttp http, string appId, long installationId, string privateKeyPem) : IGitHubSignIn, IDisposable
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _minting = new(1);
    private Minted? _minted;

    public bool IsApp => true;

    /// <summary>What the installation may do, as GitHub said with the token.</summary>
    public IReadOnlyDictionary<string, string> Permissions => _minted?.Permissions ?? new Dictionary<string, string>();

    public async ValueTask<AuthenticationHeaderValue> HeaderAsync(CancellationToken cancellationToken)
    {
        if (_minted is { } minted && minted.ExpiresAt - Early > Now)
        {
            return minted.Header;
        }

        await _minting.WaitAsync(cancellationToken);
        try
        {
            if (_minted is not { } again || again.ExpiresAt - Early <= Now)
            {
                _minted = await MintAsync(cancellationToken);
            }

            return _minted.Header;
        }
        finally
        {
            _minting.Release();
        }
    }

    public async Task<bool> RenewAsync(AuthenticationHeaderValue? refused, CancellationToken cancellationToken)
    {
        await _minting.WaitAsync(cancellationToken);
        try
        {
            if (_minted is null || ReferenceEquals(_minted.Header, refused))
            {
                _minted = await MintAsync(cancellationToken);
            }

            return true;
        }
        finally
        {
            _minting.Release();
        }
    }

    public void Dispose() => _minting.Dispose();

    /// <summary>The App's own sign-in, for <c>/app</c>.</summary>
    public IGitHubSignIn AsApp() => new JwtSignIn(this);

    private DateTimeOffset Now => http.Clock.GetUtcNow() + http.ClockOffset;

    private async Task<Minted> MintAsync(CancellationToken cancellationToken)
    {
        var token = await BuyAsync(cancellationToken);
        if (string.IsNullOrEmpty(token.Token))
        {
            throw GitHubRefusal.Broken("GitHub gave no installation token.");
        }

        return new(new("Bearer", token.Token), Text.Instant(token.ExpiresAt) ?? Now.AddMinutes(10), token.Permissions ?? []);
    }

    private async Task<InstallationTokenDocument> BuyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await http.PostAsync(
                http.At($"app/installations/{installationId}/access_tokens"), GitHubJson.Default.InstallationTokenDocument, AsApp(), cancellationToken);
            return answer.Body!;
        }
        catch (GitHubRefusal refusal) when (refusal.Kind != RefusalKind.Broken)
        {
            var why = refusal.Kind == RefusalKind.NotFound
                ? $"GitHub knows no installation {installationId} of this App; it may have been uninstalled."
                : $"GitHub gave the App no token for installation {installationId}; it may be suspended.";
            http.Stop(why);
            throw GitHubRefusal.Broken(why, refusal.Status);
        }
    }

    /// <summary>By GitHub's clock, as far as its answers told it: a JWT from the future is refused.</summary>
    private string Sign()
    {
        var now = Now;
        var head = Base64Url.EncodeToString("""{"alg":"RS256","typ":"JWT"}"""u8);
        var claims = $$"""{"iat":{{now.AddSeconds(-60).ToUnixTimeSeconds()}},"exp":{{now.AddMinutes(9).ToUnixTimeSeconds()}},"iss":"{{System.Text.Json.JsonEncodedText.Encode(appId)}}"}""";
        var signed = $"{head}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(privateKeyPem);
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw GitHubRefusal.Broken("The App's private key cannot be read; paste the whole PEM file that GitHub gave.");
        }

        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private sealed record Minted(AuthenticationHeaderValue Header, DateTimeOffset ExpiresAt, IReadOnlyDictionary<string, string> Permissions);

    private sealed class JwtSignIn(AppSignIn app) : IGitHubSignIn
    {
        private TimeSpan? _offset;

        public bool IsApp => true;

        public ValueTask<AuthenticationHeaderValue> HeaderAsync(CancellationToken cancellationToken)
        {
            _offset ??= app.Offset;
            return new(new AuthenticationHeaderValue("Bearer", app.Sign()));
        }

        /// <summary>A 401 may only mean that the clocks differ; the answer told GitHub's time, so one more JWT is worth it.</summary>
        public Task<bool> RenewAsync(AuthenticationHeaderValue? refused, CancellationToken cancellationToken) =>
            Task.FromResult(_offset is { } before && (app.Offset - before).Duration() > TimeSpan.FromSeconds(20));
    }

    private TimeSpan Offset => http.ClockOffset;
}
