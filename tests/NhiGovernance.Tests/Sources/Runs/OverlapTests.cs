using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Audit;
using NhiGovernance.Inventory;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Runs;

/// <summary>
/// A worker that sleeps past its lease and wakes while, or after, another reads the same source: whatever it then writes is
/// refused. Where it sleeps and when it wakes are drawn from a seed.
/// </summary>
public sealed class OverlapTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    /// <summary>Where the stale worker sleeps, as events read before.</summary>
    private const int Events = 5;

    private enum Wakes
    {
        BeforeTheOtherReads,
        WhileTheOtherReads,
        WhenTheOtherHasEnded,
    }

    [Fact]
    public async Task Run_TwoWorkersOverlap_TheStaleOneWritesNothing()
    {
        var (seed, total) = (LongRun.Seed(), LongRun.Number("NHI_TEST_OVERLAPS", sample: 25, full: 1_000));
        var random = new Random(seed);
        await using var stale = new SourceWorld(database);
        await using var next = new SourceWorld(database);
        var written = 0;
        for (var n = 0; n < total; n++)
        {
            var (sleepsAt, wakes) = (random.Next(Events + 1), (Wakes)random.Next(3));
            // A page of so many is written at once, before the run's end: a stale write in the middle.
            var big = random.Next(10) == 0;
            written += await OverlapAsync(stale, next, sleepsAt, wakes, big, $"seed {seed}, overlap {n}: asleep after {sleepsAt} events, wakes {wakes}, big {big}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {total} overlaps, 0 stale writes; {written} rows were written by the first worker while it held the lease");
    }

    private static async Task<int> OverlapAsync(SourceWorld stale, SourceWorld next, int sleepsAt, Wakes wakes, bool big, string what)
    {
        var (asleep, wake) = (new TaskCompletionSource(), new TaskCompletionSource());
        stale.Connector.Script = (_, token) => StaleAsync(sleepsAt, big, asleep, wake.Task, token);
        next.Connector.Script = (_, token) => NextAsync(wakes == Wakes.WhileTheOtherReads ? wake : null, token);
        var source = await stale.AddAsync();
        var first = await stale.QueueAsync(source);
        var running = stale.Poll.RunAsync(first, Cancel);
        await asleep.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        await next.ExpireLeaseAsync(source);
        (await next.Poll.TakeOverAsync(Cancel)).ShouldBe(1, what);
        var written = await TracesAsync(next, source, first);
        if (wakes == Wakes.BeforeTheOtherReads)
        {
            wake.SetResult();
        }

        var second = await next.InAsync(db => db.Set<PollRun>().Where(r => r.SourceId == source && r.State == PollState.Queued).Select(r => r.Id).SingleAsync(Cancel));
        (await next.Poll.RunAsync(second, Cancel)).ShouldBe(PollState.Complete, what);
        wake.TrySetResult();
        (await running.WaitAsync(TimeSpan.FromSeconds(60), Cancel)).ShouldBe(PollState.Abandoned, what);

        (await TracesAsync(next, source, first)).ShouldBe(written, what);
        var row = await next.SourceAsync(source);
        (row.LastRunId, row.LeaseHolder, row.LastState).ShouldBe((second, null, PollState.Complete), what);
        (await next.InAsync(db => db.Set<NhiGovernance.Inventory.Identity>()
            .Where(i => i.SourceId == source && i.Presence == Presence.Present && i.FirstRunId == second).Select(i => i.NaturalKey).ToListAsync(Cancel)))
            .ShouldBe(["a", "b"], ignoreOrder: true, what);
        (await next.InAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "source.poll" && e.TargetId == source.ToString(), Cancel))).ShouldBe(2, $"{what}: the run that lost the source, and the one that took it");
        return written;
    }

    /// <summary>Everything in the database that bears the run's name as its writer.</summary>
    private static Task<int> TracesAsync(SourceWorld world, Guid source, Guid run) => world.InAsync(async db =>
        await db.Set<NhiGovernance.Inventory.Identity>().CountAsync(i => i.SourceId == source && i.FirstRunId == run, Cancel)
        + await db.Set<InventoryChange>().CountAsync(c => c.RunId == run, Cancel)
        + await db.Set<SourceScope>().CountAsync(s => s.SourceId == source && s.Place == "stale", Cancel));

    private static async IAsyncEnumerable<ReadEvent> StaleAsync(
        int sleepsAt, bool big, TaskCompletionSource asleep, Task wake, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var scope = ScriptedConnector.ScopeOf("stale");
        ReadEvent[] events =
        [
            new ScopeStarted(scope, null), ScriptedConnector.Page(scope, "stale-1"),
            ScriptedConnector.Page(scope, [.. Enumerable.Range(0, big ? 5_000 : 2).Select(n => $"stale-2-{n}")]),
            ScriptedConnector.Page(scope, [.. Enumerable.Range(0, big ? 5_000 : 2).Select(n => $"stale-3-{n}")]), ScopeEnded.Complete(scope),
        ];
        for (var n = 0; n <= events.Length; n++)
        {
            if (n == sleepsAt)
            {
                asleep.SetResult();
                // Not even its own pulse reaches a process that is stopped.
                await wake;
            }

            if (n < events.Length)
            {
                yield return events[n];
            }
        }
    }

    private static async IAsyncEnumerable<ReadEvent> NextAsync(TaskCompletionSource? wake, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var scope = ScriptedConnector.ScopeOf("acme");
        yield return new ScopeStarted(scope, null);
        yield return ScriptedConnector.Page(scope, "a");
        wake?.SetResult();
        await Task.Yield();
        yield return ScriptedConnector.Page(scope, "b");
        yield return ScopeEnded.Complete(scope);
    }
}
