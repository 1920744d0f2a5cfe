using NhiGovernance.Access;
using NhiGovernance.Audit;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Samples;

namespace NhiGovernance.Tests.Audit;

public sealed class ListAuditEntriesTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_PagedToTheEnd_GivesEveryEntryOnce()
    {
        await using var engine = database.CreateEngine();
        for (var i = 0; i < 7; i++)
        {
            await engine.Get<CreateAdminLink>().RunAsync(new CreateAdminLinkRequest(), Cancellation);
        }

        engine.Actor.Be(Role.Auditor);
        var seen = new List<long>();
        string? cursor = null;
        do
        {
            var page = (await engine.Get<ListAuditEntries>().RunAsync(new ListAuditEntriesRequest(new AuditFilter(Action: "link."), cursor, 3), Cancellation)).Value;
            page.Items.Count.ShouldBeLessThanOrEqualTo(3);
            page.Count.Value.ShouldBe(7);
            seen.AddRange(page.Items.Select(i => i.Sequence));
            cursor = page.Next;
        }
        while (cursor is not null);

        seen.Count.ShouldBe(7);
        seen.ShouldBe(seen.Distinct().OrderDescending());
    }

    [Fact]
    public async Task Run_Filtered_GivesWhatFits()
    {
        await using var engine = database.CreateEngine();
        await using var db = await database.Contexts.CreateDbContextAsync(Cancellation);
        var person = await AccessSamples.AccountAsync(new SampleContext(engine, db), engine.Actor.Be(Role.Engineer));
        var token = (await engine.Get<CreateApiToken>().RunAsync(new CreateApiTokenRequest("filtered", ["sources:read"]), Cancellation)).Value;
        engine.Actor.Be(Role.Auditor);

        var byTarget = await ListAsync(engine, new AuditFilter(TargetKind: "token", TargetId: token.Id.ToString()));
        byTarget.ShouldHaveSingleItem().Action.ShouldBe("token.create");
        byTarget[0].ActorName.ShouldStartWith("person-");
        (await ListAsync(engine, new AuditFilter(ActorId: person.Id.ToString()))).ShouldHaveSingleItem();
        (await ListAsync(engine, new AuditFilter(TargetId: token.Id.ToString(), Until: byTarget[0].At))).ShouldBeEmpty();
        (await ListAsync(engine, new AuditFilter(TargetId: token.Id.ToString(), From: byTarget[0].At))).ShouldHaveSingleItem();

        // A token that may read the log, but no people, sees ids.
        engine.Actor.BeToken("audit:read");
        (await ListAsync(engine, new AuditFilter(TargetId: token.Id.ToString())))[0].ActorName.ShouldBeNull();
    }

    private static async Task<IReadOnlyList<AuditRow>> ListAsync(TestEngine engine, AuditFilter filter) =>
        (await engine.Get<ListAuditEntries>().RunAsync(new ListAuditEntriesRequest(filter), Cancellation)).Value.Items;
}
