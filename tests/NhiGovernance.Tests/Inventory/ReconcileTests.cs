using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Inventory;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fixtures;
using static NhiGovernance.Tests.Inventory.Stage;

namespace NhiGovernance.Tests.Inventory;

public sealed class ReconcileTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly DateTimeOffset Day = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_IdentityNeverExpiresButOfACredentialNobodyKnows_IsNotSaidToNeverExpire(bool later)
    {
        await using var engine = database.CreateEngine();
        var stage = await Stage.OpenAsync(database, engine);
        var identity = Stage.Identity("pipeline") with { ExpiresAt = KnownValue.Never() };
        var known = Stage.Credential("known", "pipeline") with { ExpiresAt = KnownValue.Never() };
        var unknown = Stage.Credential("unknown", "pipeline") with { ExpiresAt = KnownValue.Denied("secrets:read") };

        await stage.RunAsync(later ? [identity, known] : [identity, known, unknown]);
        if (later)
        {
            (await stage.IdentityAsync("pipeline")).ExpiresState.ShouldBe(Knowledge.Never);
            await stage.RunAsync(identity, known, unknown);
        }

        var row = await stage.IdentityAsync("pipeline");
        (row.ExpiresState, row.ExpiresAt, row.Credentials).ShouldBe((Knowledge.Denied, null, 2));
    }

    [Fact]
    public async Task Run_CredentialMovesToAnotherIdentity_LeavesTheFirstOnesTotalsRight()
    {
        await using var engine = database.CreateEngine();
        var stage = await Stage.OpenAsync(database, engine);
        var ends = engine.Clock.GetUtcNow().AddDays(3);
        await stage.RunAsync(Stage.Identity("a"), Stage.Identity("b"), Stage.Credential("key", "a") with { ExpiresAt = KnownValue.Of(ends) });
        await stage.RunAsync(Stage.Identity("a"), Stage.Identity("b"), Stage.Credential("key", "b") with { ExpiresAt = KnownValue.Of(ends), Name = "moved" });

        var (a, b) = (await stage.IdentityAsync("a"), await stage.IdentityAsync("b"));
        (a.Credentials, a.ExpiresAt, b.Credentials).ShouldBe((0, null, 1));
        b.ExpiresAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Run_LongestNamesInManyBytes_FitTheListsIndexes()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        var random = new Random(20261121); // what repeats would be compressed
        string Long(int length) => new(Enumerable.Range(0, length).Select(_ => (char)random.Next(0x4E00, 0x9FA0)).ToArray());
        var name = Long(300);

        var summary = await stage.RunAsync(Identity("long", name) with
        {
            Place = new PlaceReference("repository", Long(400)),
            Facts = new Dictionary<string, KnownValue> { ["login"] = KnownValue.Of(Long(300)) },
        });

        summary.Added.ShouldBe(1);
        var row = await stage.IdentityAsync("long");
        (row.Name, row.SearchText.Length).ShouldBe((name, NhiGovernance.Inventory.Identity.SearchTextLength));
    }

    [Fact]
    public async Task Run_OfNewThings_StoresThemAsObserved()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);

        var summary = await stage.RunAsync(
            Identity("a", "Ledger deploy") with
            {
                CreatedAt = KnownValue.Of(Day), LastUsedAt = KnownValue.Never(Day), ExpiresAt = KnownValue.Of(Day.AddYears(2)),
                Grants = [new("push", "acme/ledger", AltersRelease: true)], Url = "https://github.com/acme/ledger", JoinKeys = ["ssh:b", "ssh:a"],
            },
            Credential("k", "a", "SHA256:1") with { ExpiresAt = KnownValue.Of(Day.AddYears(1)) });

        summary.ShouldSatisfyAllConditions(s => s.Seen.ShouldBe(2), s => s.Added.ShouldBe(2), s => s.Changed.ShouldBe(0), s => s.ScopesComplete.ShouldBe(1));
        var identity = await stage.IdentityAsync("a");
        identity.ShouldSatisfyAllConditions(
            i => i.Name.ShouldBe("Ledger deploy"),
            i => i.SearchText.ShouldContain("acme/ledger"),
            i => i.AltersRelease.ShouldBeTrue(),
            i => i.Privileged.ShouldBeFalse(),
            i => i.CreatedAt.ShouldBe(Day),
            i => i.LastUsedState.ShouldBe(Knowledge.Never),
            i => i.Credentials.ShouldBe(1),
            i => i.ExpiresAt.ShouldBe(Day.AddYears(1)),
            i => i.FirstRunId.ShouldBe(stage.LastRunId));
        var credential = await stage.CredentialAsync("k");
        credential.IdentityId.ShouldBe(identity.Id);
        credential.MaterialChangedAt.ShouldNotBeNull();
        (await stage.ChangesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_Unchanged_TouchesNoRow()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        Observation[] things = [Identity("a"), Credential("k", "a", "1"), new ResourceObservation("r", ResourceKind.Repository, "ledger", Acme)];
        await stage.RunAsync(things);
        var before = await RowVersionsAsync();

        var summary = await stage.RunAsync(things);

        summary.ShouldSatisfyAllConditions(s => s.Seen.ShouldBe(3), s => s.Added.ShouldBe(0), s => s.Changed.ShouldBe(0));
        (await RowVersionsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Run_WithChangedFieldsAndGrants_WritesEachChange()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a", "old") with { Grants = [new("read", "acme/ledger", false)], LastUsedAt = KnownValue.Of(Day) });

        var summary = await stage.RunAsync(
            Identity("a", "new") with { Grants = [new("push", "acme/ledger", true)], LastUsedAt = KnownValue.Of(Day.AddDays(1)) });

        summary.Changed.ShouldBe(1);
        var identity = await stage.IdentityAsync("a");
        identity.Name.ShouldBe("new");
        identity.AltersRelease.ShouldBeTrue();
        identity.LastUsedAt.ShouldBe(Day.AddDays(1));
        (await stage.ChangesAsync()).Select(c => (c.Kind, c.Subject)).ShouldBe(
            [(ChangeKind.Field, "name"), (ChangeKind.GrantRemoved, "read on acme/ledger"), (ChangeKind.GrantAdded, "push on acme/ledger")], ignoreOrder: true);
    }

    [Fact]
    public async Task Run_WithAnotherKeyIdSet_IsAMaterialChange()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"), Credential("k", "a", "one"));
        var first = (await stage.CredentialAsync("k")).MaterialChangedAt;

        await stage.RunAsync(Identity("a"), Credential("k", "a", "two"));

        (await stage.CredentialAsync("k")).MaterialChangedAt!.Value.ShouldBeGreaterThan(first!.Value);
        var change = (await stage.ChangesAsync()).ShouldHaveSingleItem();
        change.Kind.ShouldBe(ChangeKind.Material);
        change.IdentityId.ShouldBe((await stage.IdentityAsync("a")).Id);
    }

    [Fact]
    public async Task Run_WhereKeyIdsGoOutOfSight_StillSeesTheLaterRotation()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"), Credential("k", "a", "one"));
        await stage.RunAsync(Identity("a"), Credential("k", "a"));
        (await stage.ChangesAsync()).ShouldNotContain(c => c.Kind == ChangeKind.Material);

        await stage.RunAsync(Identity("a"), Credential("k", "a", "two"));

        (await stage.ChangesAsync()).Count(c => c.Kind == ChangeKind.Material).ShouldBe(1);
    }

    [Fact]
    public async Task Run_WithALaterCredential_UpdatesItsIdentity()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"));

        await stage.RunAsync(Identity("a"), Credential("k", "a", "1") with { ExpiresAt = KnownValue.Of(Day) });

        var identity = await stage.IdentityAsync("a");
        (identity.Credentials, identity.ExpiresAt, identity.ExpiresState).ShouldBe((1, Day, Knowledge.Value));
        (await stage.ChangesAsync()).ShouldHaveSingleItem().Kind.ShouldBe(ChangeKind.CredentialAdded);

        await stage.RunAsync(Identity("a"));

        identity = await stage.IdentityAsync("a");
        (identity.Credentials, identity.ExpiresAt, identity.ExpiresState).ShouldBe((0, null, Knowledge.NotExposed));
    }

    [Fact]
    public async Task Run_ThatListsAThingTwice_CountsItOnce()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        var page = new ScopePage(Root, [Identity("a"), Identity("a")]);

        var summary = await stage.ReadAsync([new ScopeStarted(Root, null), page, page, ScopeEnded.Complete(Root), new ScopeStarted(Keys, Root), new ScopePage(Keys, [Identity("a")]), ScopeEnded.Complete(Keys)]);

        (summary.Seen, summary.Added).ShouldBe((1, 1));
        (await stage.IdentitiesAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Run_WithACredentialOfNobody_SaysSoOnTheScope()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);

        var summary = await stage.RunAsync(Identity("a"), Credential("k", "ghost", "1"));

        summary.Notes.ShouldHaveSingleItem().ShouldContain("identity");
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        var scope = await db.Set<SourceScope>().SingleAsync(s => s.SourceId == stage.SourceId, Token);
        scope.Error.ShouldNotBeNull();
        scope.LastOutcome.ShouldBe(ScopeOutcome.Complete);
    }

    [Fact]
    public async Task Run_WithHostileText_KeepsEverything()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        string[] names =
        [
            "<script>alert(1)</script>", "\u202Egnp.exe", new string('x', 5_000), "nul\0inside", "half \uD83D pair", "=cmd|' /C calc'!A0", "tab\tline\nend",
            "🔑" + new string('é', 298) + "🔑", "'; DROP TABLE identities; --", "100% _under_ \\slash",
        ];
        var things = names.Select((n, i) => (Observation)(Identity($"{i}-{n}", n) with
        {
            Place = new PlaceReference("repository", n), Grants = [new(n, n, true)], JoinKeys = [n], Url = "javascript:" + n,
            Facts = new Dictionary<string, KnownValue> { [n] = KnownValue.Of(n), ["denied"] = KnownValue.Denied(n) },
        }))
            .Concat(names.Select((n, i) => Credential($"{i}-{n}", $"{i}-{n}", n)))
            .Concat(names.Select((n, i) => new ResourceObservation($"{i}-{n}", ResourceKind.Repository, n, new("repository", n))))
            .Concat(names.Select((n, i) => new PersonObservation($"{i}-{n}", n) { DisplayName = KnownValue.Of(n), Email = KnownValue.Of($"{i}{n}@example.org") }))
            .ToArray();

        var summary = await stage.RunAsync(things);
        var again = await stage.RunAsync(things);

        (summary.Seen, summary.Added).ShouldBe((40, 40));
        (again.Seen, again.Added, again.Changed).ShouldBe((40, 0, 0));
        var identities = await stage.IdentitiesAsync();
        identities.Count.ShouldBe(10);
        identities.ShouldAllBe(i => i.Name.Length <= 300 && i.NaturalKey.Length <= 400 && i.Url == null && i.Credentials == 1);
        identities.ShouldContain(i => i.Name == "<script>alert(1)</script>");
    }

    [Fact]
    public async Task Run_WithKeysThatDifferOnlyPastTheLimit_KeepsThemApart()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        var stem = new string('k', 450);

        await stage.RunAsync(Identity(stem + "1"), Identity(stem + "2"), Identity("a\0"), Identity("a\uFFFD"));

        (await stage.IdentitiesAsync()).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Run_OfPeople_JoinsThemByMail()
    {
        await using var engine = database.CreateEngine();
        var (one, two) = (await OpenAsync(database, engine), await OpenAsync(database, engine));
        var mail = $"{one.SourceId:N}@example.org";

        await one.RunAsync(new PersonObservation("1", "ines") { Email = KnownValue.Of(mail.ToUpperInvariant()), DisplayName = KnownValue.Of("Ines") });
        await two.RunAsync(new PersonObservation("hr-9", "imoreau") { Email = KnownValue.Of(mail), Status = PersonStatus.Left, LeaveDate = new DateOnly(2026, 5, 1) });

        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        var handles = await db.Set<PersonHandle>().Where(h => h.SourceId == one.SourceId || h.SourceId == two.SourceId).ToListAsync(Token);
        handles.Select(h => h.PersonId).Distinct().ShouldHaveSingleItem();
        var person = await db.Set<Person>().SingleAsync(p => p.Id == handles[0].PersonId, Token);
        (person.Name, person.Email, person.Status, person.LeaveDate).ShouldBe(("Ines", mail, PersonStatus.Left, new DateOnly(2026, 5, 1)));
    }

    // The system column that changes whenever a row is written.
    private async Task<string> RowVersionsAsync()
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Token);
        var rows = new List<string>();
        foreach (var table in new[] { "identities", "credentials", "resources" })
        {
            var sql = $"SELECT concat(id, ' ', xmin) AS \"Value\" FROM {table} ORDER BY id";
            rows.AddRange(await db.Database.SqlQueryRaw<string>(sql).ToListAsync(Token));
        }

        return string.Join('\n', rows);
    }
}
