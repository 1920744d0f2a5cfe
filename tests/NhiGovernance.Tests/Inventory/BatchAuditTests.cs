using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Audit;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Inventory.Reconcile;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;
using static NhiGovernance.Tests.Inventory.Stage;

namespace NhiGovernance.Tests.Inventory;

/// <summary>No audit record, no mutation, of a poll too: each transaction that wrote things ends with an entry that says which.</summary>
public sealed class BatchAuditTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_EachThatWroteSomething_AppendsItsCountsAndTheDigestOfItsIds()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        await stage.RunAsync(Identity("a"), Identity("b"), Credential("k", "a", "1"));
        var (a, b, k) = ((await stage.IdentityAsync("a")).Id, (await stage.IdentityAsync("b")).Id, (await stage.CredentialAsync("k")).Id);
        await ShouldBeAsync(stage, $"run 1: 3 added; ids sha256:{Digest(a, b, k)}");

        await stage.RunAsync(Identity("a"), Identity("b"), Credential("k", "a", "1"));
        await ShouldBeAsync(stage);

        await stage.RunAsync(Identity("a", "renamed"), Credential("k", "a", "2"));
        await ShouldBeAsync(stage, $"run 3: 2 changed; ids sha256:{Digest(a, k)}", $"run 3: 1 missing; ids sha256:{Digest(b)}");

        await stage.PassAsync(TimeSpan.FromDays(2));
        await stage.RunAsync(Identity("a", "renamed"), Credential("k", "a", "2"));
        await ShouldBeAsync(stage, $"run 4: 1 retired; ids sha256:{Digest(b)}");

        await stage.RunAsync(Identity("a", "renamed"), Identity("b"), Credential("k", "a", "2"));
        await ShouldBeAsync(stage, $"run 5: 1 changed; ids sha256:{Digest(b)}");
    }

    [Fact]
    public async Task Run_OfSeveralBatches_AppendsAnEntryForEach()
    {
        await using var engine = database.CreateEngine();
        var stage = await OpenAsync(database, engine);
        var first = Enumerable.Range(0, InventoryWriter.BatchSize).Select(n => Identity($"many-{n}")).ToArray();

        await stage.ReadAsync([new ScopeStarted(Root, null), new ScopePage(Root, first), new ScopePage(Root, [Identity("one-more")]), ScopeEnded.Complete(Root)]);

        var rows = await stage.IdentitiesAsync();
        var last = rows.Single(i => i.NaturalKey == "one-more").Id;
        await ShouldBeAsync(
            stage, $"run 1: 5,000 added; ids sha256:{Digest([.. rows.Select(i => i.Id).Where(id => id != last)])}", $"run 1: 1 added; ids sha256:{Digest(last)}");
    }

    [Fact]
    public async Task Run_AuditLogAway_WritesNothing()
    {
        var failing = new FailingAuditTrail();
        await using var engine = database.CreateEngine(services => services.Replace(ServiceDescriptor.Singleton<IAuditTrail>(failing)));
        var stage = await OpenAsync(database, engine);

        // Nothing to write, nothing to say.
        await stage.RunAsync();
        failing.Calls.ShouldBe(0);

        (await Should.ThrowAsync<InvalidOperationException>(() => stage.RunAsync(Identity("a"), Credential("k", "a")))).Message.ShouldBe(FailingAuditTrail.Message);

        failing.Calls.ShouldBe(1);
        (await stage.IdentitiesAsync()).ShouldBeEmpty();
    }

    /// <summary>Of the last run of a stage, in the log's order.</summary>
    private async Task ShouldBeAsync(Stage stage, params string[] notes)
    {
        var request = $"run:{stage.LastRunId}";
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var entries = await db.Set<AuditEntry>().AsNoTracking().Where(e => e.RequestId == request).OrderBy(e => e.Sequence).ToListAsync(Cancel);
        entries.Select(e => e.Note).ShouldBe(notes);
        entries.ShouldAllBe(e => e.Action == "inventory.batch" && e.TargetKind == "source" && e.TargetId == stage.SourceId.ToString() && e.ActorId == "poll");
        entries.ShouldAllBe(e => e.BeforeDigest == null && e.AfterDigest != null);
    }

    /// <summary>As of every bulk work: the bytes of the ids, in their order.</summary>
    private static string Digest(params Guid[] ids) =>
        Convert.ToHexStringLower(SHA256.HashData(ids.Order().SelectMany(id => id.ToByteArray(bigEndian: true)).ToArray()));
}
