using Microsoft.EntityFrameworkCore;
using NhiGovernance.Access;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Samples;

namespace NhiGovernance.Tests.Access;

public sealed class AccountTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Dictionary<string, string?> Settings = new() { ["Access:PasswordIterations"] = "1000" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SetRoles_TwoAdminsDemoteEachOtherAtOnce_LeavesOne()
    {
        await using var engine = database.CreateEngine(settings: Settings);
        await DisableAllAsync();
        var (one, two) = (await AccountAsync(engine, Role.Admin), await AccountAsync(engine, Role.Admin));

        async Task<Result<Done>> DemoteAsync(Account by, Account whom)
        {
            await using var own = database.CreateEngine(settings: Settings, realActors: true);
            return await own.As(by).Get<SetAccountRoles>().RunAsync(new SetAccountRolesRequest(whom.Id, Role.Owner, whom.Version), Cancellation);
        }

        var results = await Task.WhenAll(Task.Run(() => DemoteAsync(one, two)), Task.Run(() => DemoteAsync(two, one)));

        results.Count(r => r.IsOk).ShouldBe(1);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancellation);
        (await db.Set<Account>().CountAsync(a => !a.IsDisabled && a.Roles == Role.Admin, Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task Disable_TheLastAdminOrOneself_IsRefused()
    {
        await using var engine = database.CreateEngine(settings: Settings);
        await DisableAllAsync();
        var admin = await AccountAsync(engine, Role.Admin);

        (await engine.Get<DisableAccount>().RunAsync(new DisableAccountRequest(admin.Id), Cancellation)).Error.ShouldBeOfType<Error.Conflict>();
        (await engine.Get<SetAccountRoles>().RunAsync(new SetAccountRolesRequest(admin.Id, Role.Owner, admin.Version), Cancellation))
            .Error.ShouldBeOfType<Error.Conflict>();
        await using var own = database.CreateEngine(settings: Settings, realActors: true);
        own.As(admin);
        (await own.Get<DisableAccount>().RunAsync(new DisableAccountRequest(admin.Id), Cancellation)).Error.ShouldBeOfType<Error.Forbidden>();
        (await own.Get<SetAccountRoles>().RunAsync(new SetAccountRolesRequest(admin.Id, Role.Owner | Role.Admin, admin.Version), Cancellation))
            .Error.ShouldBeOfType<Error.Forbidden>();
    }

    [Fact]
    public async Task RoleChange_OfAnOpenSession_CountsWithTheNextUseCase()
    {
        await using var engine = database.CreateEngine(settings: Settings);
        var account = await AccountAsync(engine, Role.Auditor);
        await using var own = database.CreateEngine(settings: Settings, realActors: true);
        own.As(account);
        (await own.Get<ListAccounts>().RunAsync(new ListAccountsRequest(), Cancellation)).IsOk.ShouldBeTrue();

        await engine.Get<SetAccountRoles>().RunAsync(new SetAccountRolesRequest(account.Id, Role.Owner, account.Version), Cancellation);

        (await own.Get<ListAccounts>().RunAsync(new ListAccountsRequest(), Cancellation)).Error.ShouldBeOfType<Error.Forbidden>();
    }

    [Fact]
    public async Task Session_OlderThanSevenDays_CountsNoMore()
    {
        await using var engine = database.CreateEngine(settings: Settings);
        var account = await AccountAsync(engine, Role.Auditor);
        await using var own = database.CreateEngine(settings: Settings, realActors: true);
        own.As(account);

        own.Clock.Advance(SessionLimits.Absolute - TimeSpan.FromMinutes(1));
        (await own.Get<ListAccounts>().RunAsync(new ListAccountsRequest(), Cancellation)).IsOk.ShouldBeTrue();
        own.Clock.Advance(TimeSpan.FromMinutes(2));
        (await own.Get<ListAccounts>().RunAsync(new ListAccountsRequest(), Cancellation)).Error.ShouldBeOfType<Error.Forbidden>();
    }

    [Fact]
    public async Task Actor_OfATeamMember_SeesTheirTeamsOnly()
    {
        await using var engine = database.CreateEngine(settings: Settings);
        var account = await AccountAsync(engine, Role.Owner);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancellation);
        var team = new Team { Id = engine.NewId(), Key = "actor-team", Name = "Actor team", Members = [] };
        db.Add(team);
        db.Add(new TeamMember { TeamId = team.Id, PersonId = account.PersonId });
        await db.SaveChangesAsync(Cancellation);

        var actor = await new Actors(database.Dialect, engine.Clock).LoadAsync(
            db, new ActorReference(ActorKind.Person, account.Id, "", engine.Clock.GetUtcNow(), account.SecurityStamp), Cancellation);

        actor.ShouldNotBeNull();
        actor.SeesAll.ShouldBeFalse();
        actor.Teams.ShouldBe([team.Id]);
        actor.Sees(null).ShouldBeFalse();
    }

    [Fact]
    public async Task Invitation_UsedAndListed_MakesAnAccountWithItsRoles()
    {
        await using var engine = database.CreateEngine(settings: Settings);
        var mislaid = (await engine.Get<InviteAccount>().RunAsync(new InviteAccountRequest("Grace@acme.test", "Grace", Role.Engineer), Cancellation)).Value;
        var link = (await engine.Get<InviteAccount>().RunAsync(new InviteAccountRequest("grace@acme.test", null, Role.Engineer | Role.Owner), Cancellation)).Value;

        var invited = (await engine.Get<ListAccounts>().RunAsync(new ListAccountsRequest("grace"), Cancellation)).Value.Items;
        invited.ShouldHaveSingleItem().Status.ShouldBe(AccountStatus.Invited);
        (await UseAsync(engine, mislaid)).Error.ShouldBeOfType<Error.NotFound>();
        (await UseAsync(engine, link)).IsOk.ShouldBeTrue();

        var listed = (await engine.Get<ListAccounts>().RunAsync(new ListAccountsRequest("grace"), Cancellation)).Value.Items.ShouldHaveSingleItem();
        listed.Roles.ShouldBe(Role.Engineer | Role.Owner);
        listed.Status.ShouldBe(AccountStatus.Active);
        (await engine.Get<InviteAccount>().RunAsync(new InviteAccountRequest("grace@acme.test", null, Role.Admin), Cancellation)).Error.ShouldBeOfType<Error.Conflict>();
    }

    [Fact]
    public async Task List_PagedByName_GivesEveryAccountOnce()
    {
        await using var engine = database.CreateEngine(settings: Settings);
        for (var i = 0; i < 5; i++)
        {
            await AccountAsync(engine, Role.Owner, $"paged-{i}@acme.test");
        }

        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await engine.Get<ListAccounts>().RunAsync(new ListAccountsRequest("paged-", cursor, 2), Cancellation)).Value;
            names.AddRange(page.Items.Select(i => i.Name));
            cursor = page.Next;
        }
        while (cursor is not null);

        names.ShouldBe(["paged-0", "paged-1", "paged-2", "paged-3", "paged-4"]);
    }

    [Fact]
    public async Task ResetLink_Used_OpensALockedAccountAndEndsItsSessions()
    {
        await using var engine = database.CreateEngine(settings: Settings);
        var account = await AccountAsync(engine, Role.Owner, "reset@acme.test");
        for (var i = 0; i < LockOut.Failures; i++)
        {
            await engine.Get<SignIn>().RunAsync(new SignInRequest("reset@acme.test", "wrong"), Cancellation);
        }

        (await engine.Get<SignIn>().RunAsync(new SignInRequest("reset@acme.test", AccessSamples.Password), Cancellation)).Value.Session.ShouldBeNull();
        var link = (await engine.Get<CreateResetLink>().RunAsync(new CreateResetLinkRequest(account.Id), Cancellation)).Value;
        var session = (await UseAsync(engine, link, "another long phrase")).Value;

        session.Stamp.ShouldNotBe(account.SecurityStamp);
        (await engine.Get<SignIn>().RunAsync(new SignInRequest("reset@acme.test", "another long phrase"), Cancellation)).Value.Session.ShouldNotBeNull();
    }

    [Fact]
    public async Task CreateToken_OfAnEngineer_GivesNoMoreThanTheyMay()
    {
        await using var engine = database.CreateEngine(settings: Settings);
        engine.Actor.Be(Role.Engineer);

        (await engine.Get<CreateApiToken>().RunAsync(new CreateApiTokenRequest("x", ["people:write"]), Cancellation)).Error.ShouldBeOfType<Error.Forbidden>();
        (await engine.Get<CreateApiToken>().RunAsync(new CreateApiTokenRequest("x", ["nonsense:read"]), Cancellation)).Error.ShouldBeOfType<Error.Invalid>();
        (await engine.Get<CreateApiToken>().RunAsync(new CreateApiTokenRequest("x", ["sources:read"], 367), Cancellation)).Error.ShouldBeOfType<Error.Invalid>();
        (await engine.Get<CreateApiToken>().RunAsync(new CreateApiTokenRequest("x", ["sources:read"], 366), Cancellation)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task Token_Used_IsNotedOnceAMinuteAndExpiresByTheDatabasesClock()
    {
        await using var engine = database.CreateEngine(settings: Settings);
        var token = (await engine.Get<CreateApiToken>().RunAsync(new CreateApiTokenRequest("used", ["sources:read"]), Cancellation)).Value;
        var (check, uses) = (engine.Get<TokenCheck>(), engine.Get<TokenUses>());

        (await check.CheckAsync(token.Text, Cancellation)).Counts.ShouldBe(token.Id);
        await uses.FlushAsync(Cancellation);
        var first = await LastUseAsync(token.Id);
        (await check.CheckAsync(token.Text, Cancellation)).Counts.ShouldBe(token.Id);
        await uses.FlushAsync(Cancellation);

        first.ShouldNotBeNull();
        (await LastUseAsync(token.Id)).ShouldBe(first);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancellation);
        var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        await db.Set<ApiToken>().Where(t => t.Id == token.Id).ExecuteUpdateAsync(t => t.SetProperty(x => x.ExpiresAt, past), Cancellation);
        (await check.CheckAsync(token.Text, Cancellation)).Counts.ShouldBeNull();
        (await new Actors(database.Dialect, engine.Clock).LoadAsync(db, new ActorReference(ActorKind.Token, token.Id, ""), Cancellation)).ShouldBeNull();
    }

    private async Task<DateTimeOffset?> LastUseAsync(Guid id)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancellation);
        return (await db.Set<ApiToken>().SingleAsync(t => t.Id == id, Cancellation)).LastUsedAt;
    }

    private static Task<Result<SignedIn>> UseAsync(TestEngine engine, OneTimeLink link, string password = AccessSamples.Password) =>
        engine.Get<UseSignInLink>().RunAsync(new UseSignInLinkRequest(AccessSamples.SecretOf(link), null, null, password), Cancellation);

    private async Task<Account> AccountAsync(TestEngine engine, Role roles, string? email = null)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancellation);
        return await AccessSamples.AccountAsync(engine.Services, db, email ?? $"a{engine.NewId():N}@acme.test", Ids.New(TimeProvider.System), roles);
    }

    private async Task DisableAllAsync()
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancellation);
        await db.Set<Account>().ExecuteUpdateAsync(a => a.SetProperty(x => x.IsDisabled, true), Cancellation);
    }
}

internal static class RealActor
{
    /// <summary>The engine acts as this account, loaded from the database by every use case.</summary>
    public static TestEngine As(this TestEngine engine, Account account)
    {
        engine.Get<ActorOverride>().Reference =
            new ActorReference(ActorKind.Person, account.Id, string.Empty, engine.Clock.GetUtcNow(), account.SecurityStamp);
        return engine;
    }
}
