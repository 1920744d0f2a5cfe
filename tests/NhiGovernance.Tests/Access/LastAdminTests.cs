using Microsoft.EntityFrameworkCore;
using NhiGovernance.Access;
using NhiGovernance.Audit;
using NhiGovernance.Data;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Inventory;
using NhiGovernance.Tests.Samples;

namespace NhiGovernance.Tests.Access;

/// <summary>What a source says of the last person who can sign in as Admin shuts nobody out; it shows, is audited, and counts later.</summary>
public sealed class LastAdminTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_SourceSaysThatTheLastAdminLeft_TheyStayAndItShowsAndIsAudited()
    {
        await using var engine = database.CreateEngine();
        var (stage, ann) = (await Stage.OpenAsync(database, engine), await OnlyAdminAsync(engine));
        await stage.RunAsync(Seen(ann, PersonStatus.Active));

        await stage.RunAsync(Seen(ann, PersonStatus.Left));
        await stage.RunAsync(Seen(ann, PersonStatus.Left));

        (await ActorAsync(engine, ann)).ShouldNotBeNull("nobody else could let them in again");
        var row = await RowAsync(engine, ann);
        (row.Status, row.SourcesSay, row.MustStay).ShouldBe((PersonStatus.Active, PersonStatus.Left, true));
        (await AccountRowAsync(engine, ann)).MustStay.ShouldBeTrue();
        (await ActionsAsync(ann)).ShouldBe(["person.stays"]);
    }

    [Fact]
    public async Task Run_AfterThereIsAnotherAdminByAdminLink_TheOneWhoStayedLeaves()
    {
        await using var engine = database.CreateEngine();
        var (stage, ann) = (await Stage.OpenAsync(database, engine), await OnlyAdminAsync(engine));
        await stage.RunAsync(Seen(ann, PersonStatus.Left));
        engine.Actor.BeSystem("admin-link");
        var link = (await engine.Get<CreateAdminLink>().RunAsync(new CreateAdminLinkRequest(), Cancel)).Value;
        var used = await engine.Get<UseSignInLink>().RunAsync(
            new UseSignInLinkRequest(AccessSamples.SecretOf(link), "Second", $"{Guid.CreateVersion7()}@acme.test", AccessSamples.Password), Cancel);
        used.IsOk.ShouldBeTrue(used.IsOk ? null : used.Error.ToString());
        (await ActorAsync(engine, ann)).ShouldNotBeNull("not before a run says so again");

        // Whichever source is read next, and although nothing new is said.
        await (await Stage.OpenAsync(database, engine)).RunAsync(Stage.Identity("a"));

        (await ActorAsync(engine, ann)).ShouldBeNull();
        var row = await RowAsync(engine, ann);
        (row.Status, row.MustStay).ShouldBe((PersonStatus.Left, false));
        (await ActionsAsync(ann)).ShouldBe(["person.stays", "person.status"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_SourceSaysThatAllAdminsLeft_OneStays(bool inOneRun)
    {
        await using var engine = database.CreateEngine();
        var (stage, ann) = (await Stage.OpenAsync(database, engine), await OnlyAdminAsync(engine));
        var ben = await AdminAsync(engine, Role.Admin);
        var cleo = await AdminAsync(engine, Role.Owner);
        if (!inOneRun)
        {
            await stage.RunAsync(Seen(ann, PersonStatus.Left), Seen(ben, PersonStatus.Active), Seen(cleo, PersonStatus.Left));
        }

        await stage.RunAsync(Seen(ann, PersonStatus.Left), Seen(ben, PersonStatus.Left), Seen(cleo, PersonStatus.Left));

        var left = new[] { await ActorAsync(engine, ann), await ActorAsync(engine, ben) };
        left.Count(a => a is not null).ShouldBe(1);
        (await ActorAsync(engine, cleo)).ShouldBeNull("no Admin");
    }

    [Fact]
    public async Task Run_TwoSourcesSayAtOnceThatAnAdminEachLeft_OneStays()
    {
        for (var round = 0; round < 5; round++)
        {
            await using var engine = database.CreateEngine();
            var ann = await OnlyAdminAsync(engine);
            var ben = await AdminAsync(engine, Role.Admin);
            var (one, other) = (await Stage.OpenAsync(database, engine), await Stage.OpenAsync(database, engine));

            await Task.WhenAll(one.RunAsync(Seen(ann, PersonStatus.Left)), other.RunAsync(Seen(ben, PersonStatus.Left)));

            new[] { await ActorAsync(engine, ann), await ActorAsync(engine, ben) }.Count(a => a is not null).ShouldBe(1);
        }
    }

    private static PersonObservation Seen(Account account, PersonStatus status) =>
        new($"member:{account.Id}", account.UserName!) { Email = KnownValue.Of(account.Email!), Status = status };

    /// <summary>Everybody of other tests is disabled.</summary>
    private async Task<Account> OnlyAdminAsync(TestEngine engine)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        await db.Set<Account>().ExecuteUpdateAsync(a => a.SetProperty(x => x.IsDisabled, true), Cancel);
        return await AdminAsync(engine, Role.Admin);
    }

    private async Task<Account> AdminAsync(TestEngine engine, Role roles)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        return await AccessSamples.AccountAsync(engine.Services, db, $"{Guid.CreateVersion7()}@acme.test", Guid.CreateVersion7(), roles);
    }

    private async Task<Actor?> ActorAsync(TestEngine engine, Account account)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var stamp = await db.Set<Account>().Where(a => a.Id == account.Id).Select(a => a.SecurityStamp).SingleAsync(Cancel);
        return await new Actors(engine.Get<IDialect>(), engine.Clock).LoadAsync(
            db, new ActorReference(ActorKind.Person, account.Id, account.UserName!, engine.Clock.GetUtcNow(), stamp), Cancel);
    }

    private static async Task<PersonRow> RowAsync(TestEngine engine, Account account)
    {
        engine.Actor.Be(Role.Admin);
        return (await engine.Get<ListPeople>().RunAsync(new ListPeopleRequest(Id: account.PersonId), Cancel)).Value.Items.Single();
    }

    private static async Task<AccountRow> AccountRowAsync(TestEngine engine, Account account)
    {
        engine.Actor.Be(Role.Admin);
        return (await engine.Get<ListAccounts>().RunAsync(new ListAccountsRequest(account.Email), Cancel)).Value.Items.Single();
    }

    private async Task<List<string>> ActionsAsync(Account account)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        return await db.Set<AuditEntry>().Where(e => e.TargetId == account.PersonId.ToString()).OrderBy(e => e.Sequence).Select(e => e.Action).ToListAsync(Cancel);
    }
}
