using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Access;
using NhiGovernance.Audit;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Web.Access;

namespace NhiGovernance.Tests.Access;

/// <summary>Sessions that others end, invitations that are taken back, and what counts as being there.</summary>
public sealed class SessionTests(WebFixture web) : IClassFixture<WebFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EndSessions_ByAnAdmin_EndsAllOfThatPersonAndNobodyElses()
    {
        var lost = await web.App.AccountAsync("lost-phone@acme.test", Role.Auditor);
        await web.App.AccountAsync("bystander@acme.test", Role.Auditor);
        using var phone = new Browser(web.App.Address);
        using var desk = new Browser(web.App.Address);
        using var other = new Browser(web.App.Address);
        await phone.SignInAsync("lost-phone@acme.test");
        await desk.SignInAsync("lost-phone@acme.test");
        await other.SignInAsync("bystander@acme.test");

        await web.App.RunAsync<EndSessions, Done>(e => e.RunAsync(new EndSessionsRequest(lost.Id)));

        (await phone.GetAsync("/api/v1/audit")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await desk.GetAsync("/api/v1/audit")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await other.GetAsync("/api/v1/audit")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await desk.SignInAsync("lost-phone@acme.test")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Invitation_Withdrawn_OpensNothingAndIsListedNoMore()
    {
        var link = await web.App.RunAsync<InviteAccount, OneTimeLink>(i => i.RunAsync(new InviteAccountRequest("guest@acme.test", "Guest", Role.Owner)));
        var invited = await InvitedAsync();
        invited.Email.ShouldBe("guest@acme.test");
        using var browser = new Browser(web.App.Address);
        (await browser.GetAsync(link.Path)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await web.App.RunAsync<WithdrawInvitation, Done>(w => w.RunAsync(new WithdrawInvitationRequest(invited.PersonId)));

        (await browser.GetAsync(link.Path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await web.App.RunAsync<ListAccounts, Page<AccountRow>>(l => l.RunAsync(new ListAccountsRequest("guest"))))
            .Items.ShouldNotContain(r => r.Status == AccountStatus.Invited);
        await using var scope = web.App.Services.CreateSystemScope("test");
        var again = await ((WithdrawInvitation)scope.ServiceProvider.GetService(typeof(WithdrawInvitation))!).RunAsync(new(invited.PersonId), Cancellation);
        again.Error.ShouldBeOfType<Error.NotFound>();
    }

    [Fact]
    public async Task SignIn_UnknownAndLocked_AreInTheAuditLogWithoutTheTypedName()
    {
        var locked = await web.App.AccountAsync("locked-out@acme.test", Role.Owner);
        await using var db = web.Database.OpenAsOwner();
        await db.Set<Account>().Where(a => a.Id == locked.Id)
            .ExecuteUpdateAsync(a => a.SetProperty(x => x.LockoutEnd, TimeProvider.System.GetUtcNow().AddMinutes(10)), Cancellation);
        using var browser = new Browser(web.App.Address);
        var before = await db.Set<AuditEntry>().MaxAsync(e => (long?)e.Sequence, Cancellation) ?? 0;

        await browser.SignInAsync("Nobody.Here@acme.test");
        await browser.SignInAsync("nobody.here@acme.test");
        await browser.SignInAsync("somebody.else@acme.test");
        await browser.SignInAsync("locked-out@acme.test");

        var entries = await db.Set<AuditEntry>().Where(e => e.Sequence > before && e.Action == "account.sign-in-refused").OrderBy(e => e.Sequence).ToListAsync(Cancellation);
        entries.Count.ShouldBe(4);
        entries[1].Note.ShouldBe(entries[0].Note);
        entries[2].Note.ShouldNotBe(entries[0].Note);
        entries.Take(3).ShouldAllBe(e => e.TargetId == Guid.Empty.ToString() && !e.Note!.Contains("nobody", StringComparison.OrdinalIgnoreCase));
        (entries[3].TargetId, entries[3].Note).ShouldBe((locked.Id.ToString(), "the account is locked"));
    }

    [Theory]
    [InlineData("BeginInvokeDotNetFromJS", "DispatchEventAsync", true)]
    [InlineData("BeginInvokeDotNetFromJS", "OnSpacerBeforeVisible", false)]
    [InlineData("OnLocationChanged", "https://localhost/", true)]
    [InlineData("OnRenderCompleted", null, false)]
    [InlineData("EndInvokeJSFromDotNet", null, false)]
    public void Activity_OfAPersonOnly_KeepsASessionFromBeingIdle(string method, string? third, bool own)
    {
        OwnActivity.IsOwn(method, ["1", null, third, 0L, "[]"]).ShouldBe(own);

        // The framework's own names: when they change, the idle limit must not silently become something else.
        var hub = typeof(CircuitOptions).Assembly.GetType("Microsoft.AspNetCore.Components.Server.ComponentHub", throwOnError: true)!;
        hub.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).ShouldContain(m => m.Name == method);
    }

    private async Task<AccountRow> InvitedAsync() =>
        (await web.App.RunAsync<ListAccounts, Page<AccountRow>>(l => l.RunAsync(new ListAccountsRequest("guest")))).Items.Single(r => r.Status == AccountStatus.Invited);
}
