using System.Net;
using System.Net.Http.Headers;
using NhiGovernance.Access;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Web.Access;

namespace NhiGovernance.Tests.Access;

public sealed class WebSecurityTests(WebFixture web) : IClassFixture<WebFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-in/link/nonsense")]
    [InlineData("/api/v1/audit")]
    [InlineData("/nowhere")]
    [InlineData("/css/sign-in.css")]
    [InlineData("/healthz")]
    public async Task EveryAnswer_CarriesTheSecurityHeaders(string path)
    {
        using var response = await web.App.Client.GetAsync(path, Cancellation);

        string Header(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : "";
        Header("Content-Security-Policy").ShouldBe(SecurityHeaders.ContentSecurityPolicy);
        Header("X-Content-Type-Options").ShouldBe("nosniff");
        Header("X-Frame-Options").ShouldBe("DENY");
        Header("Referrer-Policy").ShouldNotBeEmpty();
        Header("Permissions-Policy").ShouldContain("camera=()");
        Header("Strict-Transport-Security").ShouldBeEmpty();
        if (!path.EndsWith(".css", StringComparison.Ordinal))
        {
            Header("Cache-Control").ShouldContain("no-store");
        }
    }

    [Fact]
    public async Task Cookies_OnHttp_AreHttpOnlyAndSameSite()
    {
        var app = web.App;
        await app.AccountAsync("cookies@acme.test", Role.Owner);
        using var browser = new Browser(app.Address);
        using var form = await browser.GetAsync("/sign-in");
        using var done = await browser.SignInAsync("cookies@acme.test");

        var cookies = form.Headers.GetValues("Set-Cookie").Concat(done.Headers.GetValues("Set-Cookie")).ToList();
        cookies.Count.ShouldBeGreaterThanOrEqualTo(2);
        cookies.ShouldAllBe(c => c.Contains("httponly") && c.Contains("samesite=") && c.Contains("path=/") && !c.Contains("domain="));
    }

    [Fact]
    public async Task Token_WithItsScope_ReadsAndNoMore()
    {
        var app = web.App;
        var audit = await app.TokenAsync("audit:read");
        var other = await app.TokenAsync("identities:read");

        (await StatusAsync(app, "/api/v1/audit", audit.Text)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(app, "/api/v1/audit", other.Text)).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(app, "/api/v1/audit", null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(app, "/api/v1/audit", audit.Text[..^1] + (audit.Text[^1] == '0' ? '1' : '0'))).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(app, "/account/password", audit.Text)).ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Token_Revoked_CountsNoMoreWithTheNextRequest()
    {
        var app = web.App;
        var token = await app.TokenAsync("audit:read");
        (await StatusAsync(app, "/api/v1/audit", token.Text)).ShouldBe(HttpStatusCode.OK);

        await app.RunAsync<RevokeApiToken, Done>(c => c.RunAsync(new RevokeApiTokenRequest(token.Id.ToString())));

        (await StatusAsync(app, "/api/v1/audit", token.Text)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Tokens_Interleaved_NeverGetEachOthersRights()
    {
        var app = web.App;
        var may = await app.TokenAsync("audit:read");
        var mayNot = await app.TokenAsync("identities:read");

        var answers = new HttpStatusCode[2_000];
        await Parallel.ForAsync(0, answers.Length, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation }, async (i, _) =>
            answers[i] = await StatusAsync(app, "/api/v1/audit?limit=1", i % 2 == 0 ? may.Text : mayNot.Text));

        answers.Where((_, i) => i % 2 == 0).ShouldAllBe(s => s == HttpStatusCode.OK);
        answers.Where((_, i) => i % 2 == 1).ShouldAllBe(s => s == HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task SignIns_TooMany_AreToldWhenToComeBack()
    {
        await using var app = await WebAccess.StartAsync(web.Database, ("Access:SignInsPerMinute", "3"));
        using var browser = new Browser(app.Address);
        HttpResponseMessage? last = null;
        for (var i = 0; i < 4; i++)
        {
            last = await browser.SignInAsync("nobody@acme.test", "wrong");
        }

        last!.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        last.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeGreaterThan(0);

        // Routes do not mind upper case, so the limit must not either.
        using var other = await app.Client.PostAsync("/SIGN-IN", new FormUrlEncodedContent([]), Cancellation);
        other.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Requests_OfOneTokenTooMany_DoNotTouchAnother()
    {
        await using var app = await WebAccess.StartAsync(web.Database, ("Access:RequestsPerMinute", "3"));
        var (one, two) = (await app.TokenAsync("audit:read"), await app.TokenAsync("audit:read"));
        for (var i = 0; i < 3; i++)
        {
            (await StatusAsync(app, "/api/v1/audit", one.Text)).ShouldBe(HttpStatusCode.OK);
        }

        (await StatusAsync(app, "/api/v1/audit", one.Text)).ShouldBe(HttpStatusCode.TooManyRequests);
        (await StatusAsync(app, "/api/v1/audit", two.Text)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/_blazor", "https://evil.test")]
    [InlineData("/_blazor", "null")]
    [InlineData("/_Blazor", "https://evil.test")]
    public async Task Circuit_FromAForeignOrigin_IsRefused(string path, string origin)
    {
        var app = web.App;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{path}/negotiate?negotiateVersion=1");
        request.Headers.Add("Origin", origin);

        (await app.Client.SendAsync(request, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Circuit_WithoutASignIn_IsRefused()
    {
        var app = web.App;
        using var response = await app.Client.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Api_ChangedByCookieFromElsewhere_IsRefused()
    {
        var app = web.App;
        await app.AccountAsync("csrf@acme.test", Role.Admin);
        using var browser = new Browser(app.Address);
        await browser.SignInAsync("csrf@acme.test");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/audit") { Content = new StringContent("{}") };
        request.Headers.Add("Origin", "https://evil.test");

        (await browser.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await browser.GetAsync("/api/v1/audit")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Audit_ListedExportedVerified_IsOneLog()
    {
        var app = web.App;
        var token = (await app.TokenAsync("audit:read")).Text;

        var page = await TextAsync(app, "/api/v1/audit?action=token.create&limit=1", token);
        page.ShouldContain("\"action\":\"token.create\"");
        page.ShouldContain("\"next\":");
        var lines = (await TextAsync(app, "/api/v1/audit/export", token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldContain("\"sequence\":1,");
        (await TextAsync(app, "/api/v1/audit/verification", token)).ShouldContain($"\"entries\":{lines.Length},");
    }

    private static async Task<HttpStatusCode> StatusAsync(TestApplication app, string path, string? token)
    {
        using var response = await app.Client.SendAsync(Request(path, token), Cancellation);
        return response.StatusCode;
    }

    private static async Task<string> TextAsync(TestApplication app, string path, string token)
    {
        using var response = await app.Client.SendAsync(Request(path, token), Cancellation);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    private static HttpRequestMessage Request(string path, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return request;
    }
}
