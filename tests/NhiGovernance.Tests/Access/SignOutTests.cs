using System.Net;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Access;
using NhiGovernance.Audit;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Web.Access;

namespace NhiGovernance.Tests.Access;

public sealed class SignOutTests(WebFixture web) : IClassFixture<WebFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignOut_OfOneBrowser_EndsACopyOfItsCookieAndNoOtherSession()
    {
        var app = web.App;
        await app.AccountAsync("leaving@acme.test", Role.Owner);
        using var here = new Browser(app.Address);
        using var elsewhere = new Browser(app.Address);
        using var thief = new Browser(app.Address);
        await here.SignInAsync("leaving@acme.test");
        await elsewhere.SignInAsync("leaving@acme.test");
        thief.Cookies.Add(app.Address, here.Cookies.GetCookies(app.Address)[SessionCookie.Name]!);
        (await thief.GetAsync("/account/password")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var page = await here.GetAsync("/account/password");
        var token = System.Text.RegularExpressions.Regex.Match(
            await page.Content.ReadAsStringAsync(Cancel), "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", System.Text.RegularExpressions.RegexOptions.NonBacktracking).Groups[1].Value;
        (await here.PostRawAsync("/sign-out", ("__RequestVerificationToken", token))).Headers.Location!.ToString().ShouldBe("/sign-in?signedOut=true");

        (await thief.GetAsync("/account/password")).StatusCode.ShouldBe(HttpStatusCode.Found, "a copy of the cookie is worth nothing");
        (await elsewhere.GetAsync("/account/password")).StatusCode.ShouldBe(HttpStatusCode.OK, "another device goes on");
        await using var db = await web.Database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<AuditEntry>().CountAsync(e => e.Action == "account.sign-out", Cancel)).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task SignOut_InOneTab_EndsTheOtherTabsCircuit()
    {
        var app = web.App;
        var account = await app.AccountAsync("tabs@acme.test", Role.Owner);
        var session = new SignedIn(account.Id, account.SecurityStamp!, TimeProvider.System.GetUtcNow(), Guid.CreateVersion7());
        var other = session with { SessionId = Guid.CreateVersion7() };
        await using var first = Tab(app, session);
        await using var second = Tab(app, session);
        await using var device = Tab(app, other);
        (await AskAsync(second)).IsOk.ShouldBeTrue();

        (await first.ServiceProvider.GetRequiredService<SignOut>().RunAsync(new SignOutRequest(session.SessionId), Cancel)).IsOk.ShouldBeTrue();

        (await AskAsync(second)).IsOk.ShouldBeFalse("the next click in it is refused");
        (await CountsAsync(second)).ShouldBeFalse("and within a minute it says so by itself");
        (await AskAsync(device)).IsOk.ShouldBeTrue();
        (await CountsAsync(device)).ShouldBeTrue();
    }

    [Fact]
    public async Task SignOut_LongAfterOthers_ForgetsThoseThatNoCookieCanStandForAnyMore()
    {
        var app = web.App;
        var account = await app.AccountAsync("pruned@acme.test", Role.Owner);
        await using var db = await web.Database.Contexts.CreateDbContextAsync(Cancel);
        var now = TimeProvider.System.GetUtcNow();
        var (old, young) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        db.Add(new EndedSession { Id = old, AccountId = account.Id, EndedAt = now.AddDays(-9) });
        db.Add(new EndedSession { Id = young, AccountId = account.Id, EndedAt = now.AddDays(-6) });
        await db.SaveChangesAsync(Cancel);
        var session = new SignedIn(account.Id, account.SecurityStamp!, now, Guid.CreateVersion7());
        await using var tab = Tab(app, session);

        await tab.ServiceProvider.GetRequiredService<SignOut>().RunAsync(new SignOutRequest(session.SessionId), Cancel);

        (await db.Set<EndedSession>().Where(s => s.AccountId == account.Id).Select(s => s.Id).ToListAsync(Cancel)).ShouldBe([young, session.SessionId], ignoreOrder: true);
    }

    /// <summary>The scope of a circuit that a page with this session opened.</summary>
    private static AsyncServiceScope Tab(TestApplication app, SignedIn session)
    {
        var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CircuitActivity>().Open();
        ((ServerAuthenticationStateProvider)scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>())
            .SetAuthenticationState(Task.FromResult(new AuthenticationState(SessionClaims.Of(session))));
        return scope;
    }

    private static Task<Result<Myself>> AskAsync(AsyncServiceScope tab) =>
        tab.ServiceProvider.GetRequiredService<DescribeMyself>().RunAsync(new DescribeMyselfRequest(), Cancel);

    private static async Task<bool> CountsAsync(AsyncServiceScope tab)
    {
        var session = (CircuitSession)tab.ServiceProvider.GetRequiredService<AuthenticationStateProvider>();
        return await session.AskAsync(await session.GetAuthenticationStateAsync(), Cancel);
    }
}
