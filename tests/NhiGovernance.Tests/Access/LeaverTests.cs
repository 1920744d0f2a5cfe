using System.Net;
using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Access;
using NhiGovernance.Audit;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Access;

/// <summary>Who has left has no way in any more.</summary>
public sealed class LeaverTests(WebFixture web) : IClassFixture<WebFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Left_SaidByAnAdminOrBySource_EndsSessionsSignInAndTokens(bool byAdmin)
    {
        var app = web.App;
        var email = $"leaver-{byAdmin}@acme.test";
        await app.AccountAsync($"stays-{byAdmin}@acme.test", Role.Admin);
        var account = await app.AccountAsync(email, Role.Admin);
        var token = await app.TokenAsync("audit:read");
        await using var db = web.Database.OpenAsOwner();
        await db.Set<ApiToken>().Where(t => t.Id == token.Id).ExecuteUpdateAsync(t => t.SetProperty(x => x.CreatedBy, account.Id), Cancellation);
        using var browser = new Browser(app.Address);
        (await browser.SignInAsync(email)).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await browser.GetAsync("/api/v1/audit")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await WithAsync(app, token.Text)).ShouldBe(HttpStatusCode.OK);

        if (byAdmin)
        {
            await app.RunAsync<SetPersonStatus, Done>(c => c.RunAsync(new SetPersonStatusRequest(account.PersonId, PersonStatus.Left, new DateOnly(2026, 11, 1))));
        }
        else
        {
            // As reconcile does it, in the middle of a poll.
            await db.Set<Person>().Where(p => p.Id == account.PersonId).ExecuteUpdateAsync(p => p.SetProperty(x => x.Status, PersonStatus.Left), Cancellation);
        }

        (await browser.GetAsync("/api/v1/audit")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.SignInAsync(email)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await WithAsync(app, token.Text)).ShouldBe(HttpStatusCode.Unauthorized);
        var audited = await db.Set<AuditEntry>().Where(e => e.TargetId == account.Id.ToString() || e.TargetId == token.Id.ToString())
            .Select(e => e.Action).ToListAsync(Cancellation);
        audited.ShouldContain("account.sign-in-refused");
        audited.Contains("account.end-sessions").ShouldBe(byAdmin);
        audited.Contains("token.revoke").ShouldBe(byAdmin);
    }

    [Fact]
    public async Task Reset_OfALeaver_DoesNotLetThemIn()
    {
        var app = web.App;
        var account = await app.AccountAsync("reset-leaver@acme.test", Role.Owner);
        var link = await app.RunAsync<CreateResetLink, OneTimeLink>(c => c.RunAsync(new CreateResetLinkRequest(account.Id)));
        await using var db = web.Database.OpenAsOwner();
        await db.Set<Person>().Where(p => p.Id == account.PersonId).ExecuteUpdateAsync(p => p.SetProperty(x => x.Status, PersonStatus.Left), Cancellation);
        using var browser = new Browser(app.Address);

        using var answer = await browser.PostAsync(link.Path, ("password", "another quiet harbour"));

        answer.StatusCode.ShouldNotBe(HttpStatusCode.Found);
        (await browser.GetAsync("/api/v1/audit")).StatusCode.ShouldNotBe(HttpStatusCode.OK);
    }

    private static async Task<HttpStatusCode> WithAsync(TestApplication app, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/audit") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var answer = await app.Client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
