using Microsoft.EntityFrameworkCore;
using NhiGovernance.Access;
using NhiGovernance.Audit;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Audit;

public sealed class AuditTrailTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_ByManyAtOnce_LeavesNoGapAndNoFork()
    {
        await using var engine = database.CreateEngine();
        var before = (await VerifyAsync(engine)).Entries;
        await Parallel.ForAsync(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (i, token) =>
        {
            await using var own = database.CreateEngine();
            (await own.Get<CreateApiToken>().RunAsync(new CreateApiTokenRequest($"t{i}", ["audit:read"]), token)).IsOk.ShouldBeTrue();
        });

        var after = await VerifyAsync(engine);
        after.Fault.ShouldBeNull();
        after.Entries.ShouldBe(before + 60);
    }

    [Fact]
    public async Task Append_SeveralRecords_ChainsThemInOrder()
    {
        await using var engine = database.CreateEngine();
        await using var db = await database.Contexts.CreateDbContextAsync(Cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(Cancellation);
        AuditRecord[] records = [.. Enumerable.Range(1, 5).Select(i => new AuditRecord($"batch.{i}", "thing", $"{i}", null, new { i }, new string('n', 600)))];
        await engine.Get<IAuditTrail>().AppendAsync(db, Actor.System("bulk"), "r", records, Cancellation);
        await transaction.CommitAsync(Cancellation);

        var last = await db.Set<AuditEntry>().OrderByDescending(e => e.Sequence).Take(5).ToListAsync(Cancellation);
        last.Select(e => e.Action).ShouldBe(["batch.5", "batch.4", "batch.3", "batch.2", "batch.1"]);
        last[0].PreviousHash.ShouldBe(last[1].Hash);
        last.ShouldAllBe(e => e.Note!.Length == 500);
        (await VerifyAsync(engine)).Fault.ShouldBeNull();
    }

    [Fact]
    public async Task Append_RolledBack_LeavesNoGap()
    {
        await using var engine = database.CreateEngine();
        var before = (await VerifyAsync(engine)).Entries;
        await using (var db = await database.Contexts.CreateDbContextAsync(Cancellation))
        await using (await db.Database.BeginTransactionAsync(Cancellation))
        {
            await engine.Get<IAuditTrail>().AppendAsync(db, Actor.System("bulk"), "r", [new AuditRecord("x", "y", "z", null, null)], Cancellation);
        }

        (await engine.Get<CreateAdminLink>().RunAsync(new CreateAdminLinkRequest(), Cancellation)).IsOk.ShouldBeTrue();

        var after = await VerifyAsync(engine);
        after.Fault.ShouldBeNull();
        after.Entries.ShouldBe(before + 1);
    }

    private static async Task<AuditVerification> VerifyAsync(TestEngine engine) =>
        (await engine.Get<VerifyAudit>().RunAsync(new VerifyAuditRequest(), Cancellation)).Value;
}

/// <summary>Its own database, because it is spoilt for good.</summary>
public sealed class VerifyAuditTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_AfterAnOwnerWentRoundTheTrigger_NamesTheFirstBadSequence()
    {
        await using var engine = database.CreateEngine();
        for (var i = 0; i < 12; i++)
        {
            (await engine.Get<CreateAdminLink>().RunAsync(new CreateAdminLinkRequest(), Cancellation)).IsOk.ShouldBeTrue();
        }

        var head = (await VerifyAsync(engine, null)).Head;
        head.Sequence.ShouldBe(12);

        await TamperAsync("DELETE FROM audit_entries WHERE sequence = 12");
        (await VerifyAsync(engine, null)).Fault.ShouldBeNull();
        (await VerifyAsync(engine, head)).Fault!.Sequence.ShouldBe(12);
        await TamperAsync("UPDATE audit_entries SET note = 'other' WHERE sequence = 9");
        (await VerifyAsync(engine, null)).Fault.ShouldBe(new AuditFault(9, AuditFaultKind.Altered, "Entry 9 was altered: its content does not give its hash."));
        await TamperAsync("UPDATE audit_entries SET after_digest = repeat('0', 64) WHERE sequence = 7");
        (await VerifyAsync(engine, null)).Fault!.Sequence.ShouldBe(7);
        await TamperAsync("UPDATE audit_entries SET previous_hash = hash WHERE sequence = 5");
        (await VerifyAsync(engine, null)).Fault!.Kind.ShouldBe(AuditFaultKind.WrongPredecessor);
        await TamperAsync("DELETE FROM audit_entries WHERE sequence = 3");
        (await VerifyAsync(engine, null)).Fault.ShouldBe(new AuditFault(3, AuditFaultKind.Gap, "Entry 3 is missing; the next one there is 4."));
    }

    private async Task TamperAsync(string sql)
    {
        await using var db = database.OpenAsOwner();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancellation);
        await db.Database.ExecuteSqlRawAsync("ALTER TABLE audit_entries DISABLE TRIGGER USER", Cancellation);
        (await db.Database.ExecuteSqlRawAsync(sql, Cancellation)).ShouldBe(1);
        await db.Database.ExecuteSqlRawAsync("ALTER TABLE audit_entries ENABLE TRIGGER USER", Cancellation);
        await transaction.CommitAsync(Cancellation);
    }

    private static async Task<AuditVerification> VerifyAsync(TestEngine engine, AuditHead? known) =>
        (await engine.Get<VerifyAudit>().RunAsync(new VerifyAuditRequest(known), Cancellation)).Value;
}
