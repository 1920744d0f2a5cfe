using System.Net;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Access;
using NhiGovernance.Audit;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Tests.Samples;
using NhiGovernance.Web.Access.SignIn;

namespace NhiGovernance.Tests.Access;

public sealed class SignInTests(WebFixture web) : IClassFixture<WebFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AdminLink_Opened_MakesTheFirstAdminAndSignsIn()
    {
        var app = web.App;
        using var browser = new Browser(app.Address);
        var link = await app.RunAsync<CreateAdminLink, OneTimeLink>(c => c.RunAsync(new CreateAdminLinkRequest()));

        (await (await browser.GetAsync(link.Path)).Content.ReadAsStringAsync(Cancellation)).ShouldContain("Make the first account");
        using var weak = await browser.PostAsync(link.Path, ("name", "Ada"), ("email", "ada@acme.test"), ("password", "short"));
        weak.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var made = await browser.PostAsync(link.Path, ("name", "Ada"), ("email", "ada@acme.test"), ("password", AccessSamples.Password));

        made.StatusCode.ShouldBe(HttpStatusCode.Found);
        (await browser.GetAsync("/account/password")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.GetAsync(link.Path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await using var db = await web.Database.Contexts.CreateDbContextAsync(Cancellation);
        (await db.Set<Account>().SingleAsync(a => a.Email == "ada@acme.test", Cancellation)).Roles.ShouldBe(Role.Admin);
    }

    [Fact]
    public async Task SignIn_RightPassword_OpensTheAskedPageOfThisProductOnly()
    {
        var app = web.App;
        await app.AccountAsync("right@acme.test", Role.Owner);
        using var browser = new Browser(app.Address);

        using var nobody = await browser.GetAsync("/account/password");
        nobody.StatusCode.ShouldBe(HttpStatusCode.Found);
        nobody.Headers.Location!.ToString().ShouldContain("/sign-in?returnUrl=%2Faccount%2Fpassword");
        using var done = await browser.PostAsync(
            "/sign-in", ("email", "RIGHT@acme.test"), ("password", AccessSamples.Password), ("returnUrl", "/account/password"));

        done.Headers.Location!.ToString().ShouldBe("/account/password");
        (await browser.GetAsync("/account/password")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("//evil.test")]
    [InlineData("/\\evil.test")]
    [InlineData("https://evil.test")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.test")]
    [InlineData("/sign-out")]
    [InlineData("")]
    [InlineData(null)]
    public void Local_OfAnythingButAPathOfOurs_IsTheFirstPage(string? url) => SignInEndpoints.Local(url).ShouldBe("/");

    [Fact]
    public async Task SignIn_WhateverIsWrong_AnswersAlike()
    {
        var app = web.App;
        var disabled = await app.AccountAsync("disabled@acme.test", Role.Owner);
        await app.AccountAsync("known@acme.test", Role.Owner);
        await app.AccountAsync("locked@acme.test", Role.Owner);
        await using (var db = await web.Database.Contexts.CreateDbContextAsync(Cancellation))
        {
            await db.Set<Account>().Where(a => a.Id == disabled.Id).ExecuteUpdateAsync(a => a.SetProperty(x => x.IsDisabled, true), Cancellation);
        }

        using var browser = new Browser(app.Address);
        for (var i = 0; i < LockOut.Failures; i++)
        {
            (await browser.SignInAsync("locked@acme.test", "wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        var answers = new List<string>();
        foreach (var (email, password) in ((string, string)[])[
            ("known@acme.test", "wrong"), ("nobody@acme.test", "wrong"), ("locked@acme.test", AccessSamples.Password),
            ("disabled@acme.test", AccessSamples.Password), ("known@acme.test", new string('x', 10_000))])
        {
            using var response = await browser.SignInAsync(email, password);
            var html = await response.Content.ReadAsStringAsync(Cancellation);
            answers.Add($"{(int)response.StatusCode} {html.Replace(email, "EMAIL", StringComparison.Ordinal).Length} {html.Contains(LockOut.Refusal, StringComparison.Ordinal)}");
        }

        answers.Distinct().Count().ShouldBe(1, string.Join("; ", answers));
        answers[0].ShouldStartWith("401");
    }

    [Fact]
    public async Task SignIn_Refused_TakesAtLeastTheFloorForKnownAndUnknown()
    {
        await using var app = await WebAccess.StartAsync(web.Database, ("Access:RefusalMilliseconds", "300"));
        await app.AccountAsync("timed@acme.test", Role.Owner);
        using var browser = new Browser(app.Address);
        await browser.SignInAsync("timed@acme.test", "warm up");

        var times = new List<double>();
        foreach (var email in (string[])["timed@acme.test", "nobody@acme.test", "timed@acme.test", "nobody@acme.test"])
        {
            using var page = await browser.GetAsync("/sign-in");
            var start = TimeProvider.System.GetTimestamp();
            using var refused = await browser.SignInAsync(email, "wrong");
            times.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }

        times.ShouldAllBe(t => t >= 300);
    }

    [Fact]
    public async Task Link_UsedByManyAtOnce_IsUsedOnce()
    {
        var app = web.App;
        var link = await app.RunAsync<CreateAdminLink, OneTimeLink>(c => c.RunAsync(new CreateAdminLinkRequest()));
        var browsers = Enumerable.Range(0, 12).Select(_ => new Browser(app.Address)).ToList();

        var answers = await Task.WhenAll(browsers.Select((b, i) =>
            b.PostAsync(link.Path, ("name", "Racer"), ("email", $"racer-{i}@acme.test"), ("password", AccessSamples.Password))));

        answers.Count(a => a.StatusCode == HttpStatusCode.Found).ShouldBe(1);
        answers.Count(a => a.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest).ShouldBe(11);
        await using var db = await web.Database.Contexts.CreateDbContextAsync(Cancellation);
        (await db.Set<Account>().CountAsync(a => a.Email!.StartsWith("racer-"), Cancellation)).ShouldBe(1);
        browsers.ForEach(b => b.Dispose());
    }

    [Fact]
    public async Task Link_TooOld_IsEnded()
    {
        var app = web.App;
        using var browser = new Browser(app.Address);
        var link = await app.RunAsync<CreateAdminLink, OneTimeLink>(c => c.RunAsync(new CreateAdminLinkRequest()));
        await using (var db = await web.Database.Contexts.CreateDbContextAsync(Cancellation))
        {
            var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
            await db.Set<SignInLink>().Where(l => l.UsedAt == null).ExecuteUpdateAsync(l => l.SetProperty(x => x.ExpiresAt, past), Cancellation);
        }

        (await browser.GetAsync(link.Path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await browser.PostAsync("/sign-in", ("email", "x"), ("password", "y"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task SignOut_AndDisabling_EndTheSession()
    {
        var app = web.App;
        var account = await app.AccountAsync("leaver@acme.test", Role.Owner);
        using var browser = new Browser(app.Address);
        await browser.SignInAsync("leaver@acme.test");
        (await browser.GetAsync("/account/password")).StatusCode.ShouldBe(HttpStatusCode.OK);

        // The last Admin rule needs one to be there; the system disables.
        await app.RunAsync<DisableAccount, NhiGovernance.Common.Done>(c => c.RunAsync(new DisableAccountRequest(account.Id)));

        (await browser.GetAsync("/account/password")).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await browser.PostRawAsync("/sign-out")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task ChangePassword_EndsEveryOtherSession()
    {
        var app = web.App;
        await app.AccountAsync("changer@acme.test", Role.Owner);
        using var here = new Browser(app.Address);
        using var elsewhere = new Browser(app.Address);
        await here.SignInAsync("changer@acme.test");
        await elsewhere.SignInAsync("changer@acme.test");

        (await here.PostAsync("/account/password", ("current", "wrong"), ("new", "an entirely new phrase"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await here.PostAsync("/account/password", ("current", AccessSamples.Password), ("new", "an entirely new phrase"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await here.GetAsync("/account/password")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await elsewhere.GetAsync("/account/password")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task SignIn_WithoutTheFormsToken_IsRefused()
    {
        var app = web.App;
        using var browser = new Browser(app.Address);

        (await browser.PostRawAsync("/sign-in", ("email", "x"), ("password", "y"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task SignIn_EachOutcome_IsInTheAuditLogWithoutNames()
    {
        var app = web.App;
        var account = await app.AccountAsync("audited@acme.test", Role.Owner);
        using var browser = new Browser(app.Address);
        await browser.SignInAsync("audited@acme.test", "wrong");
        await browser.SignInAsync("audited@acme.test");

        await using var db = await web.Database.Contexts.CreateDbContextAsync(Cancellation);
        var id = account.Id.ToString();
        var entries = await db.Set<AuditEntry>().Where(e => e.TargetId == id).OrderBy(e => e.Sequence).ToListAsync(Cancellation);
        entries.Select(e => e.Action).ShouldBe(["account.sign-in-refused", "account.sign-in"]);
        entries.ShouldAllBe(e => e.Note == null && e.ActorId == "sign-in");
    }
}
