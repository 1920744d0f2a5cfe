using System.Net;
using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Access;
using NhiGovernance.Audit;
using NhiGovernance.Catalogue;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Access;

/// <summary>A token never does more than its maker may, at the moment of the request.</summary>
public sealed class TokenMakerTests(WebFixture web) : IClassFixture<WebFixture>
{
    private static int _unique;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_MakerLosesRoles_LosesWhatTheyLost()
    {
        var (maker, token) = await MadeByAsync(Role.Admin, "audit:read", "teams:write", "identities:read");
        (await GetAsync(token, "/api/v1/audit")).ShouldBe(HttpStatusCode.OK);

        await SetRolesAsync(maker, Role.Owner);

        (await GetAsync(token, "/api/v1/audit")).ShouldBe(HttpStatusCode.Forbidden);
        (await GetAsync(token, "/api/v1/identities")).ShouldBe(HttpStatusCode.OK);

        await SetRolesAsync(maker, Role.Auditor);
        (await GetAsync(token, "/api/v1/audit")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Token_MakerSeesTheirTeamsOnly_SeesNoMore()
    {
        var (maker, token) = await MadeByAsync(Role.Engineer, "identities:read");
        await using var db = web.Database.OpenAsOwner();
        var mine = await TeamAsync(db);
        db.Add(new TeamMember { TeamId = mine, PersonId = maker.PersonId });
        await db.SaveChangesAsync(Cancellation);
        var actors = (IActors)web.App.Services.GetService(typeof(IActors))!;
        var reference = new ActorReference(ActorKind.Token, token.Id, string.Empty);
        (await actors.LoadAsync(db, reference, Cancellation))!.SeesAll.ShouldBeTrue();

        await SetRolesAsync(maker, Role.Owner);

        var actor = (await actors.LoadAsync(db, reference, Cancellation)).ShouldNotBeNull();
        (actor.SeesAll, actor.Teams.Single()).ShouldBe((false, mine));
    }

    [Fact]
    public async Task TokenOfOneTeam_MakerNoLongerOfThatTeam_SeesNothing()
    {
        var maker = await AccountAsync(Role.Engineer);
        await using var db = web.Database.OpenAsOwner();
        var team = await TeamAsync(db);
        var token = await web.App.RunAsync<CreateApiToken, NewApiToken>(c => c.RunAsync(new CreateApiTokenRequest("team", ["identities:read"], 30, team)));
        await db.Set<ApiToken>().Where(t => t.Id == token.Id).ExecuteUpdateAsync(t => t.SetProperty(x => x.CreatedBy, maker.Id), Cancellation);
        var actors = (IActors)web.App.Services.GetService(typeof(IActors))!;
        var reference = new ActorReference(ActorKind.Token, token.Id, string.Empty);
        (await actors.LoadAsync(db, reference, Cancellation))!.Teams.ShouldBe([team]);

        await SetRolesAsync(maker, Role.Owner);

        var actor = (await actors.LoadAsync(db, reference, Cancellation)).ShouldNotBeNull();
        (actor.SeesAll, actor.Teams.Count).ShouldBe((false, 0));
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("left")]
    [InlineData("gone")]
    public async Task Token_MakerIsNoMore_IsRefusedAndTheLogSaysItOnce(string how)
    {
        var (maker, token) = await MadeByAsync(Role.Admin, "audit:read");
        (await GetAsync(token, "/api/v1/audit")).ShouldBe(HttpStatusCode.OK);
        await using var db = web.Database.OpenAsOwner();
        await (how switch
        {
            "disabled" => db.Set<Account>().Where(a => a.Id == maker.Id).ExecuteUpdateAsync(a => a.SetProperty(x => x.IsDisabled, true), Cancellation),
            "left" => db.Set<Person>().Where(p => p.Id == maker.PersonId).ExecuteUpdateAsync(p => p.SetProperty(x => x.Status, PersonStatus.Left), Cancellation),
            _ => db.Set<Account>().Where(a => a.Id == maker.Id).ExecuteDeleteAsync(Cancellation),
        });

        (await GetAsync(token, "/api/v1/audit")).ShouldBe(HttpStatusCode.Unauthorized);
        (await GetAsync(token, "/api/v1/audit")).ShouldBe(HttpStatusCode.Unauthorized);

        var id = token.Id.ToString();
        (await db.Set<AuditEntry>().CountAsync(e => e.Action == "token.refused" && e.TargetId == id, Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task Token_MakerLockedOutByGuessing_StillCounts()
    {
        // Whoever knows an address can lock its account; that must not stop the pipelines.
        var (maker, token) = await MadeByAsync(Role.Admin, "audit:read");
        await using var db = web.Database.OpenAsOwner();
        await db.Set<Account>().Where(a => a.Id == maker.Id)
            .ExecuteUpdateAsync(a => a.SetProperty(x => x.LockoutEnd, TimeProvider.System.GetUtcNow().AddMinutes(10)), Cancellation);
        (await GetAsync(token, "/api/v1/audit")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task TokenOfOneTeam_EveryScopeThatNoTeamLimits_IsRefusedWhenMadeAndWhenUsed()
    {
        await using var db = web.Database.OpenAsOwner();
        var team = await TeamAsync(db);
        await using var engine = web.Database.CreateEngine();
        var wide = TokenScopes.Known.Except(["identities:read", "identities:write", "resources:read"]).ToList();
        wide.Count.ShouldBeGreaterThan(10);
        foreach (var scope in wide)
        {
            var refused = await engine.Get<CreateApiToken>().RunAsync(new CreateApiTokenRequest("team", [scope], 30, team), Cancellation);
            refused.Error.ShouldBeOfType<Error.Invalid>().Faults.ShouldHaveSingleItem().Field.ShouldBe("scopes", scope);
        }

        var token = await web.App.RunAsync<CreateApiToken, NewApiToken>(c => c.RunAsync(new CreateApiTokenRequest("team", ["identities:read"], 30, team)));

        // One from before this rule.
        await db.Set<ApiToken>().Where(t => t.Id == token.Id).ExecuteUpdateAsync(t => t.SetProperty(x => x.Scopes, string.Join(' ', TokenScopes.Known)), Cancellation);
        (await GetAsync(token, "/api/v1/audit")).ShouldBe(HttpStatusCode.Forbidden);
        (await GetAsync(token, "/api/v1/jobs")).ShouldBe(HttpStatusCode.Forbidden);
        (await GetAsync(token, "/api/v1/identities")).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<Guid> TeamAsync(GovernanceDb db)
    {
        var key = $"team-{Interlocked.Increment(ref _unique)}";
        var team = new Team { Id = Ids.New(TimeProvider.System), Key = key, Name = key };
        db.Add(team);
        await db.SaveChangesAsync(Cancellation);
        return team.Id;
    }

    private Task<Account> AccountAsync(Role roles) => web.App.AccountAsync($"maker-{Interlocked.Increment(ref _unique)}@acme.test", roles);

    private async Task<(Account Maker, NewApiToken Token)> MadeByAsync(Role roles, params string[] scopes)
    {
        var maker = await AccountAsync(roles);
        var token = await web.App.TokenAsync(scopes);
        await using var db = web.Database.OpenAsOwner();
        await db.Set<ApiToken>().Where(t => t.Id == token.Id).ExecuteUpdateAsync(t => t.SetProperty(x => x.CreatedBy, maker.Id), Cancellation);
        return (maker, token);
    }

    private async Task SetRolesAsync(Account account, Role roles)
    {
        await using var db = web.Database.OpenAsOwner();
        await db.Set<Account>().Where(a => a.Id == account.Id).ExecuteUpdateAsync(a => a.SetProperty(x => x.Roles, roles), Cancellation);
    }

    private static HttpRequestMessage Request(NewApiToken token, string path) =>
        new(HttpMethod.Get, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token.Text) } };

    private async Task<HttpStatusCode> GetAsync(NewApiToken token, string path)
    {
        using var request = Request(token, path);
        using var answer = await web.App.Client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
