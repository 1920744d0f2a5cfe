using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Access;
using NhiGovernance.Audit;
using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Samples;
using static NhiGovernance.Tests.Inventory.Stage;

namespace NhiGovernance.Tests.Inventory;

/// <summary>What sources and people say of people, and which of it counts.</summary>
public sealed class PeopleTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "", PersonStatus.Unknown)]
    [InlineData(null, "Unknown", PersonStatus.Unknown)]
    [InlineData(null, "Active,Unknown", PersonStatus.Active)]
    [InlineData(null, "Active,Left", PersonStatus.Left)]
    [InlineData(null, "-Active", PersonStatus.Unknown)]
    [InlineData(null, "-Left,Unknown", PersonStatus.Left)]
    [InlineData(null, "-Suspended,Active", PersonStatus.Active)]
    [InlineData(PersonStatus.Left, "Active", PersonStatus.Left)]
    [InlineData(PersonStatus.Active, "Left", PersonStatus.Active)]
    [InlineData(PersonStatus.Suspended, "", PersonStatus.Suspended)]
    public void Settle_OfDecisionAndWords_GivesTheStatus(PersonStatus? decision, string words, PersonStatus expected)
    {
        var person = new Person { Id = Guid.CreateVersion7(), Name = "x", Decision = decision };
        var said = words.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(w => new PersonWord(Enum.Parse<PersonStatus>(w.TrimStart('-')), null, w[0] != '-')).ToList();

        PersonStanding.Settle(person, said).ShouldBe(expected == PersonStatus.Left);
        person.Status.ShouldBe(expected);
        PersonStanding.Settle(person, said).ShouldBeFalse("they left once");
    }

    [Fact]
    public async Task Run_WithoutAHandleOfBefore_BelievesThatNoLonger()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Seen("ann", PersonStatus.Active), Seen("ben", PersonStatus.Left), Seen("cleo", PersonStatus.Unknown));
        (await StatusesAsync(stage)).ShouldBe([("ann", PersonStatus.Active), ("ben", PersonStatus.Left), ("cleo", PersonStatus.Unknown)]);

        await stage.RunAsync(Seen("cleo", PersonStatus.Unknown));
        (await StatusesAsync(stage)).ShouldBe([("ann", PersonStatus.Unknown), ("ben", PersonStatus.Left), ("cleo", PersonStatus.Unknown)]);

        await stage.RunAsync(Seen("ann", PersonStatus.Suspended), Seen("ben", PersonStatus.Active), Seen("cleo", PersonStatus.Unknown));
        (await StatusesAsync(stage)).ShouldBe([("ann", PersonStatus.Suspended), ("ben", PersonStatus.Active), ("cleo", PersonStatus.Unknown)]);
    }

    [Fact]
    public async Task Run_WithALeaver_AppendsToTheLogLast()
    {
        var written = new List<int>();
        await using var engine = database.CreateEngine(services => services.Replace(ServiceDescriptor.Singleton<IAuditTrail>(new Asking(async (db, requestId) =>
        {
            var run = Guid.Parse(requestId.Split(':')[1]);
            written.Add(await db.Set<NhiGovernance.Inventory.Reconcile.RunSighting>().CountAsync(s => s.RunId == run, Cancel));
        }))));
        var stage = await OpenAsync(database, engine);
        var name = $"leaver-{Guid.CreateVersion7():N}";
        await stage.RunAsync(Identity("a"), Seen(name, PersonStatus.Active));

        await stage.RunAsync(Identity("a"), Seen(name, PersonStatus.Left));

        written.ShouldBe([0, 1], "the log's lock is held until the commit: by then the batch has written all that it has to");
    }

    [Fact]
    public async Task Decision_OfAPerson_StandsAgainstSourcesAndTheConflictShows()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Seen("dora", PersonStatus.Active));
        var id = await PersonAsync(stage, "dora");
        engine.Actor.Be(Role.Admin);
        (await engine.Get<SetPersonStatus>().RunAsync(new(id, PersonStatus.Left, new DateOnly(2026, 11, 1)), Cancel)).IsOk.ShouldBeTrue();

        await stage.RunAsync(Seen("dora", PersonStatus.Active) with { DisplayName = KnownValue.Of("Dora D.") });

        var row = (await engine.Get<ListPeople>().RunAsync(new(Id: id), Cancel)).Value.Items.ShouldHaveSingleItem();
        (row.Status, row.Decision, row.SourcesSay, row.IsContested, row.LeaveDate).ShouldBe((PersonStatus.Left, PersonStatus.Left, PersonStatus.Active, true, new DateOnly(2026, 11, 1)));

        // Taken back: the sources are believed again.
        (await engine.Get<SetPersonStatus>().RunAsync(new(id, PersonStatus.Unknown, null), Cancel)).IsOk.ShouldBeTrue();
        row = (await engine.Get<ListPeople>().RunAsync(new(Id: id), Cancel)).Value.Items.ShouldHaveSingleItem();
        (row.Status, row.Decision, row.IsContested, row.LeaveDate).ShouldBe((PersonStatus.Active, null, false, null));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Left_SaidByASource_EndsTokensAndSessionsAndIsAudited(bool byMerge)
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await using var db = database.OpenAsOwner();
        var name = byMerge ? "merged-leaver" : "leaver";
        var account = await AccessSamples.AccountAsync(engine.Services, db, $"{name}@acme.test", engine.NewId(), Role.Engineer);
        engine.Actor.BeAgain(account.Id, Role.Engineer);
        var token = (await engine.Get<CreateApiToken>().RunAsync(new CreateApiTokenRequest("ci", ["identities:read"], 30), Cancel)).Value;
        engine.Actor.BeSystem("test");
        var stamp = account.SecurityStamp;

        await stage.RunAsync(Seen(byMerge ? "other" : name, PersonStatus.Left));
        if (byMerge)
        {
            engine.Actor.Be(Role.Admin);
            (await engine.Get<MergePeople>().RunAsync(new(await PersonAsync(stage, "other"), account.PersonId), Cancel)).IsOk.ShouldBeTrue();
        }

        db.ChangeTracker.Clear();
        (await db.Set<Person>().SingleAsync(p => p.Id == account.PersonId, Cancel)).Status.ShouldBe(PersonStatus.Left);
        (await db.Set<ApiToken>().SingleAsync(t => t.Id == token.Id, Cancel)).RevokedAt.ShouldNotBeNull();
        (await db.Set<Account>().SingleAsync(a => a.Id == account.Id, Cancel)).SecurityStamp.ShouldNotBe(stamp);
        var audited = await db.Set<AuditEntry>().Where(e => e.TargetId == token.Id.ToString() || e.TargetId == account.Id.ToString()).Select(e => e.Action).ToListAsync(Cancel);
        audited.ShouldContain("token.revoke");
        audited.ShouldContain("account.end-sessions");
    }

    [Fact]
    public async Task Runs_ThatMeetTheSamePeopleAtOnce_MakeEachOnce()
    {
        await using var engine = database.CreateEngine();
        var stages = new List<Stage>();
        for (var n = 0; n < 4; n++)
        {
            stages.Add(await OpenAsync(database, engine));
        }

        for (var round = 0; round < 5; round++)
        {
            var names = Enumerable.Range(0, 40).Select(i => $"round-{round}-{i}").ToArray();
            await Task.WhenAll(stages.Select((s, n) => Task.Run(() => s.RunAsync((n % 2 == 0 ? names : names.Reverse()).Select(i => Seen(i, PersonStatus.Active))), Cancel))
                .Append(Task.Run(() => EnterAsync(engine, names), Cancel)));

            await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
            var people = await db.Set<Person>().Where(p => p.Email!.StartsWith($"round-{round}-")).Select(p => p.Id).ToListAsync(Cancel);
            people.Count.ShouldBe(names.Length);
            (await db.Set<PersonHandle>().CountAsync(h => h.PersonId != null && people.Contains(h.PersonId.Value), Cancel)).ShouldBe(names.Length * stages.Count);
        }
    }

    [Theory]
    [InlineData(PersonStatus.Left, null, PersonStatus.Left)]
    [InlineData(PersonStatus.Left, PersonStatus.Active, PersonStatus.Left)]
    [InlineData(PersonStatus.Active, PersonStatus.Left, PersonStatus.Left)]
    [InlineData(null, PersonStatus.Active, PersonStatus.Active)]
    [InlineData(null, null, PersonStatus.Active)]
    public async Task Merge_OfTwoWithDecisions_KeepsTheGraverOne(PersonStatus? from, PersonStatus? into, PersonStatus expected)
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        var (a, b) = ($"a{Guid.CreateVersion7():N}", $"b{Guid.CreateVersion7():N}");
        await stage.RunAsync(Seen(a, PersonStatus.Active), Seen(b, PersonStatus.Unknown));
        var (one, other) = (await PersonAsync(stage, a), await PersonAsync(stage, b));
        foreach (var (person, decision) in new[] { (one, from), (other, into) })
        {
            if (decision is { } said)
            {
                (await engine.Get<SetPersonStatus>().RunAsync(new(person, said, new DateOnly(2026, 11, 1)), Cancel)).IsOk.ShouldBeTrue();
            }
        }

        (await engine.Get<MergePeople>().RunAsync(new(one, other), Cancel)).IsOk.ShouldBeTrue();

        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<Person>().SingleAsync(p => p.Id == other, Cancel)).Status.ShouldBe(expected);
    }

    private static PersonObservation Seen(string name, PersonStatus status) =>
        new($"person:{name}", name) { Email = KnownValue.Of($"{name}@acme.test"), Status = status };

    /// <summary>A person of the catalogue at work meanwhile; a conflict is an answer too.</summary>
    private static async Task EnterAsync(TestEngine engine, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            await engine.Get<CreatePerson>().RunAsync(new(name, $"{name}@acme.test"), Cancel);
        }
    }

    private async Task<Guid> PersonAsync(Stage stage, string login)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        return await db.Set<PersonHandle>().Where(h => h.SourceId == stage.SourceId && h.Login == login).Select(h => h.PersonId!.Value).SingleAsync(Cancel);
    }

    private async Task<List<(string, PersonStatus)>> StatusesAsync(Stage stage)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        return (await (from handle in db.Set<PersonHandle>()
            join person in db.Set<Person>() on handle.PersonId equals person.Id
            where handle.SourceId == stage.SourceId
            orderby handle.Login
            select new { handle.Login, person.Status }).ToListAsync(Cancel)).ConvertAll(p => (p.Login, p.Status));
    }

    /// <summary>Asks what stands in the transaction when somebody appends to the log.</summary>
    private sealed class Asking(Func<NhiGovernance.Data.GovernanceDb, string, Task> ask) : IAuditTrail
    {
        public Task AppendAsync(
            NhiGovernance.Data.GovernanceDb db, Actor actor, string requestId, IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken) =>
            requestId.StartsWith("run:", StringComparison.Ordinal) ? ask(db, requestId) : Task.CompletedTask;
    }
}
