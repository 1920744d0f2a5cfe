using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Samples;
using NhiGovernance.Web.Access;
using NhiGovernance.Web.Hosting;

namespace NhiGovernance.Tests.Access;

public sealed class ProxyTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.0.0.5, 127.0.0.0/8", true)]
    [InlineData("10.0.0.5", false)]
    [InlineData("", false)]
    public async Task Forwarded_OnlyFromAKnownProxy_Counts(string known, bool counts)
    {
        using var log = new RecordingLog();
        await using var app = await StartAsync(log, (KnownProxies.Key, known));
        using var request = Get("/api/v1/audit", ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"));
        request.Headers.Add("Authorization", "Bearer nonsense");

        using var answer = await app.Client.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.Contains("Strict-Transport-Security").ShouldBe(counts);
        log.Lines.Single(l => l.Contains("bearer token was refused", StringComparison.Ordinal)).Contains("203.0.113.9", StringComparison.Ordinal).ShouldBe(counts);
    }

    [Fact]
    public async Task Forwarded_SpoofedBeforeTheProxy_IsNotBelieved()
    {
        using var log = new RecordingLog();
        await using var app = await StartAsync(log, (KnownProxies.Key, "127.0.0.1"));
        using var request = Get("/api/v1/audit", ("X-Forwarded-For", "198.51.100.1, 203.0.113.9"));
        request.Headers.Add("Authorization", "Bearer nonsense");

        (await app.Client.SendAsync(request, Cancellation)).Dispose();

        // The proxy appended the last one; what the client claimed before it stays a claim.
        log.Lines.Single(l => l.Contains("bearer token was refused", StringComparison.Ordinal)).ShouldContain("203.0.113.9");
    }

    [Fact]
    public async Task Limits_SpoofedAddresses_CountAsOne()
    {
        await using var app = await StartAsync(null, ("Access:AnonymousRequestsPerMinute", "3"));
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            using var answer = await app.Client.SendAsync(Get("/api/v1/audit", ("X-Forwarded-For", $"203.0.113.{i}")), Cancellation);
            answers.Add(answer.StatusCode);
        }

        answers[^1].ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public void From_NoAddress_NamesTheSetting()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(KnownProxies.Key, (string?)"proxy.internal")]).Build();

        Should.Throw<SettingException>(() => KnownProxies.From(settings)).Key.ShouldBe(KnownProxies.Key);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SignIn_OnHttps_HasHostCookiesAndHsts(bool byProxy)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        await using var app = byProxy
            ? await StartAsync(null, (KnownProxies.Key, "127.0.0.1"))
            : await TestApplication.StartAsync(
                database, b => b.WebHost.ConfigureKestrel(k => k.ConfigureHttpsDefaults(h => h.ServerCertificate = certificate)),
                settings: new Dictionary<string, string?>(WebAccess.Settings) { ["Urls"] = "https://127.0.0.1:0" });
        var email = $"https-{byProxy}@acme.test";
        await app.AccountAsync(email, Role.Owner);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() },
        }) { BaseAddress = app.Address };
        if (byProxy)
        {
            client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        }

        using var form = await client.GetAsync("/sign-in", Cancellation);
        var token = (await form.Content.ReadAsStringAsync(Cancellation)).Split("name=\"__RequestVerificationToken\" value=\"")[1].Split('"')[0];
        using var post = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["email"] = email, ["password"] = AccessSamples.Password, ["__RequestVerificationToken"] = token }),
        };
        post.Headers.Add("Cookie", Pairs(form));
        using var done = await client.SendAsync(post, Cancellation);

        done.StatusCode.ShouldBe(HttpStatusCode.Found);
        done.Headers.GetValues("Strict-Transport-Security").Single().ShouldStartWith("max-age=");
        var cookies = form.Headers.GetValues("Set-Cookie").Concat(done.Headers.GetValues("Set-Cookie")).ToList();
        cookies.ShouldAllBe(c => c.StartsWith("__Host-nhi-") && c.Contains("secure") && c.Contains("path=/") && !c.Contains("domain="));
        (await StatusAsync(client, Pairs(done))).ShouldBe(HttpStatusCode.OK);

        // The same cookie without the prefix could have been set by a neighbour host.
        (await StatusAsync(client, Pairs(done).Replace("__Host-", "", StringComparison.Ordinal))).ShouldBe(HttpStatusCode.Found);
    }

    private static string Pairs(HttpResponseMessage answer) => string.Join("; ", answer.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string cookies)
    {
        using var answer = await client.SendAsync(Get("/account/password", ("Cookie", cookies)), Cancellation);
        return answer.StatusCode;
    }

    private static HttpRequestMessage Get(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return request;
    }

    private Task<TestApplication> StartAsync(RecordingLog? log, params (string Key, string Value)[] more) => TestApplication.StartAsync(
        database,
        builder =>
        {
            if (log is not null)
            {
                builder.Logging.AddProvider(log);
            }
        },
        settings: WebAccess.Settings.Concat(more.Select(m => KeyValuePair.Create(m.Key, (string?)m.Value))).ToDictionary());
}
