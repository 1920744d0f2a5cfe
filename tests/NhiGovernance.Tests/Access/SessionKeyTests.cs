using System.Net;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NhiGovernance.Access;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Samples;

namespace NhiGovernance.Tests.Access;

public sealed class SessionKeyTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    /// <summary>One key ring for the class: its tests share a database, and what one sealed another must be able to open.</summary>
    private static readonly string Keys = Directory.CreateTempSubdirectory("nhi-keys-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rotation_OfCookieKeysAndTheirSeal_SignsNobodyOut()
    {
        CookieContainer cookies;
        await using (var app = await WebAccess.StartAsync(database, ("Keys:Folder", Keys)))
        {
            await app.AccountAsync("stays@acme.test", Role.Owner);
            using var browser = new Browser(app.Address);
            await browser.SignInAsync("stays@acme.test");
            var manager = app.Services.GetRequiredService<IKeyManager>();
            var now = TimeProvider.System.GetUtcNow();
            manager.CreateNewKey(now, now.AddDays(90));
            await using var scope = app.Services.CreateSystemScope("test");
            (await scope.ServiceProvider.GetRequiredService<KeyRotation>().RunAsync(Cancellation)).IsOk.ShouldBeTrue();

            (await browser.GetAsync("/account/password")).StatusCode.ShouldBe(HttpStatusCode.OK);
            cookies = browser.Cookies;
        }

        // Another node, with the same database and keys.
        await using var next = await WebAccess.StartAsync(database, ("Keys:Folder", Keys));
        using var again = new Browser(next.Address);
        foreach (Cookie cookie in cookies.GetAllCookies())
        {
            again.Cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", "127.0.0.1"));
        }

        (await again.GetAsync("/account/password")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancellation);
        (await db.Set<DataProtectionKey>().CountAsync(Cancellation)).ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task FailedWaysIn_LeaveNoSecretInAnyLogLine()
    {
        var log = new RecordingLog();
        await using var app = await TestApplication.StartAsync(
            database,
            builder =>
            {
                builder.Logging.SetMinimumLevel(LogLevel.Information);
                builder.Logging.AddProvider(log);
            },
            settings: new Dictionary<string, string?>(WebAccess.Settings) { ["Keys:Folder"] = Keys, ["Logging:LogLevel:Default"] = "Information" });
        await app.AccountAsync("canary@acme.test", Role.Owner);
        var token = await app.TokenAsync("identities:read");
        var link = await app.RunAsync<CreateAdminLink, OneTimeLink>(c => c.RunAsync(new CreateAdminLinkRequest()));
        const string Password = "canary password 7f3a";
        using var browser = new Browser(app.Address);

        await browser.SignInAsync("canary@acme.test", Password);
        await browser.SignInAsync("nobody@acme.test", Password);
        await browser.PostAsync(link.Path, ("name", "x"), ("email", "no address"), ("password", Password));
        using var lacking = new HttpRequestMessage(HttpMethod.Get, "/api/v1/audit");
        lacking.Headers.Add("Authorization", "Bearer " + token.Text);
        (await browser.SendAsync(lacking)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await app.RunAsync<RevokeApiToken, NhiGovernance.Common.Done>(c => c.RunAsync(new RevokeApiTokenRequest(token.Id.ToString())));
        using var revoked = new HttpRequestMessage(HttpMethod.Get, "/api/v1/audit");
        revoked.Headers.Add("Authorization", "Bearer " + token.Text);
        (await browser.SendAsync(revoked)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        log.Lines.ShouldContain(l => l.Contains("refused", StringComparison.Ordinal));
        foreach (var secret in (string[])[Password, token.Text[21..], AccessSamples.SecretOf(link), AccessSamples.Password])
        {
            log.Lines.Where(l => l.Contains(secret, StringComparison.Ordinal)).ShouldBeEmpty();
        }
    }
}
