using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Audit;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Runs;

public sealed class PollSourceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_AllScopesComplete_IsCompleteAndFreesTheLease()
    {
        await using var world = new SourceWorld(database);
        var source = await world.AddAsync();
        var run = await world.RunAsync(source);

        (run.State, run.ScopesStarted, run.ScopesComplete, run.Seen, run.Error).ShouldBe((PollState.Complete, 1, 1, 2, null));
        run.Fence.ShouldBe(1);
        var row = await world.SourceAsync(source);
        (row.LeaseHolder, row.LeaseUntil, row.LastState, row.LastRunId).ShouldBe((null, null, PollState.Complete, run.Id));
        row.LastCompleteAt.ShouldBe(run.EndedAt);
        row.LastReadAt.ShouldBe(run.EndedAt);
    }

    [Fact]
    public async Task Run_OneScopeDeniedAndOneLeftOpen_IsPartialAndSaysWhatAndWhy()
    {
        await using var world = new SourceWorld(database);
        world.Connector.Script = Script;
        var run = await world.RunAsync(await world.AddAsync());

        (run.State, run.ScopesComplete, run.ScopesDenied, run.ScopesFailed).ShouldBe((PollState.Partial, 1, 1, 1));
        var detail = (await world.Engine.Get<GetRun>().RunAsync(new GetRunRequest(run.Id), Cancel)).Value;
        detail.Scopes.Select(s => (s.Place, s.Outcome)).ShouldBe(
            [("open", ScopeOutcome.Failed), ("closed", ScopeOutcome.Denied), ("acme", ScopeOutcome.Complete)]);
        detail.Scopes[1].Permission.ShouldBe("keys:read");
        detail.Notes.ShouldBe(["read the newest 2 of 9"]);
        (await world.SourceAsync(run.SourceId)).LastReadAt.ShouldBeNull();
        var late = (await world.Engine.Get<GetFreshness>().RunAsync(new GetFreshnessRequest(), Cancel)).Value.Late.Single(l => l.Id == run.SourceId);
        (late.InPartAt, late.LastReadAt, late.Gaps).ShouldBe((run.EndedAt, null, 2));

        static async IAsyncEnumerable<ReadEvent> Script(ConnectorContext context, [EnumeratorCancellation] CancellationToken token)
        {
            context.Note("read the newest 2 of 9");
            await foreach (var read in ScriptedConnector.OneScopeAsync(context, token))
            {
                yield return read;
            }

            yield return new ScopeStarted(ScriptedConnector.ScopeOf("closed"), null);
            yield return ScopeEnded.Denied(ScriptedConnector.ScopeOf("closed"), "keys:read");
            yield return new ScopeStarted(ScriptedConnector.ScopeOf("open"), null);
            yield return ScriptedConnector.Page(ScriptedConnector.ScopeOf("open"), "x");
        }
    }

    [Fact]
    public async Task Run_ConnectorThrowsAVendorsBody_ShowsAPlainSentenceOnly()
    {
        await using var world = new SourceWorld(database);
        world.Connector.Script = (_, _) => throw new InvalidOperationException("<html>body of the vendor with a-secret-token</html>");
        var run = await world.RunAsync(await world.AddAsync());

        run.State.ShouldBe(PollState.Failed);
        run.Error.ShouldNotBeNull();
        run.Error.ShouldNotContain("vendor");
        run.Error.ShouldContain("InvalidOperationException");
    }

    [Fact]
    public async Task Run_ConnectorBreaksTheContract_Fails()
    {
        await using var world = new SourceWorld(database);
        world.Connector.Script = (_, _) => new[] { (ReadEvent)ScriptedConnector.Page(ScriptedConnector.ScopeOf("never-started"), "x") }.ToAsyncEnumerable();
        (await world.RunAsync(await world.AddAsync())).State.ShouldBe(PollState.Failed);
    }

    [Fact]
    public async Task Run_SecretInMessages_IsTakenOut()
    {
        await using var world = new SourceWorld(database);
        world.Connector.Script = Script;
        var run = await world.RunAsync(await world.AddAsync("sesame-open-1234"));

        var detail = (await world.Engine.Get<GetRun>().RunAsync(new GetRunRequest(run.Id), Cancel)).Value;
        string.Join(' ', detail.Notes.Append(run.Error).Append(run.Problems).Concat(detail.Scopes.Select(s => s.Error))).ShouldNotContain("sesame");

        static async IAsyncEnumerable<ReadEvent> Script(ConnectorContext context, [EnumeratorCancellation] CancellationToken token)
        {
            var secret = await context.Secrets.OpenAsync("token", token);
            secret.ShouldBe("sesame-open-1234");
            context.Note($"signed in with {secret}");
            context.Progress($"using {secret}");
            var scope = ScriptedConnector.ScopeOf("acme");
            yield return new ScopeStarted(scope, null);
            yield return ScopeEnded.Failed(scope, $"the vendor said {secret}");
            throw new ConnectorException($"cannot go on with {secret}");
        }
    }

    [Fact]
    public async Task Run_KeyIsLost_FailsWithThatNamedError()
    {
        await using var world = new SourceWorld(database);
        world.Connector.Script = Script;
        var source = await world.AddAsync();
        await world.InAsync(db => db.Set<SourceSecret>().Where(s => s.SourceId == source).ExecuteUpdateAsync(
            s => s.SetProperty(x => x.Sealed, LostKey()), Cancel));
        var run = await world.RunAsync(source);

        (run.State, run.Error!.Contains("key-encryption key", StringComparison.Ordinal)).ShouldBe((PollState.Failed, true));

        static async IAsyncEnumerable<ReadEvent> Script(ConnectorContext context, [EnumeratorCancellation] CancellationToken token)
        {
            await context.Secrets.OpenAsync("token", token);
            yield break;
        }

        static byte[] LostKey() => [1, 4, .. "gone"u8, 32, .. new byte[32], .. new byte[12], .. new byte[16], 1];
    }

    [Fact]
    public async Task Run_CancelledByAPerson_StopsAtTheNextBatch()
    {
        await using var world = new SourceWorld(database);
        var reached = new TaskCompletionSource();
        world.Connector.Script = Script;
        var run = await world.QueueAsync(await world.AddAsync());
        var running = world.Poll.RunAsync(run, Cancel);
        await reached.Task.WaitAsync(Cancel);
        (await world.Engine.Get<CancelRun>().RunAsync(new CancelRunRequest(run), Cancel)).IsOk.ShouldBeTrue();
        (await running.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe(PollState.Cancelled);
        (await world.RowAsync(run)).Error.ShouldBe("A person cancelled it.");

        async IAsyncEnumerable<ReadEvent> Script(ConnectorContext context, [EnumeratorCancellation] CancellationToken token)
        {
            yield return new ScopeStarted(ScriptedConnector.ScopeOf("acme"), null);
            yield return ScriptedConnector.Page(ScriptedConnector.ScopeOf("acme"), "a");
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        }
    }

    [Fact]
    public async Task Run_WhileItReads_WritesItsProgress()
    {
        await using var world = new SourceWorld(database);
        var go = new TaskCompletionSource();
        world.Connector.Script = Script;
        var run = await world.QueueAsync(await world.AddAsync());
        var running = world.Poll.RunAsync(run, Cancel);
        await SourceWorld.UntilAsync(async () => (await world.RowAsync(run)).Progress == "keys of acme");
        (await world.RowAsync(run)).State.ShouldBe(PollState.Running);
        go.SetResult();

        (await running).ShouldBe(PollState.Complete);
        (await world.RowAsync(run)).Progress.ShouldBeNull();

        async IAsyncEnumerable<ReadEvent> Script(ConnectorContext context, [EnumeratorCancellation] CancellationToken token)
        {
            context.Progress("keys of acme");
            await go.Task.WaitAsync(token);
            await foreach (var read in ScriptedConnector.OneScopeAsync(context, token))
            {
                yield return read;
            }
        }
    }

    [Fact]
    public async Task Run_TwoWorkersOnOne_OnlyOneGetsIt()
    {
        await using var first = new SourceWorld(database);
        await using var second = new SourceWorld(database);
        var run = await first.QueueAsync(await first.AddAsync());
        var ended = await Task.WhenAll(first.Poll.RunAsync(run, Cancel), second.Poll.RunAsync(run, Cancel));

        ended.Count(e => e == PollState.Complete).ShouldBe(1);
        ended.Count(e => e is null).ShouldBe(1);
    }

    [Fact]
    public async Task Run_LeaseTakenOverMidRun_StaleWorkerWritesNothing()
    {
        await using var stale = new SourceWorld(database);
        await using var next = new SourceWorld(database);
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        stale.Connector.Script = Script;
        var source = await stale.AddAsync();
        var run = await stale.QueueAsync(source);
        var running = stale.Poll.RunAsync(run, Cancel);
        await reached.Task.WaitAsync(Cancel);

        // Paused longer than its lease: another worker takes over and reads to the end.
        await stale.ExpireLeaseAsync(source);
        (await next.Poll.TakeOverAsync(Cancel)).ShouldBe(1);
        (await next.RowAsync(run)).State.ShouldBe(PollState.Abandoned);
        var second = await next.InAsync(db => db.Set<PollRun>().Where(r => r.SourceId == source && r.State == PollState.Queued).SingleAsync(Cancel));
        second.Trigger.ShouldBe(PollTrigger.Takeover);
        (await next.Poll.RunAsync(second.Id, Cancel)).ShouldBe(PollState.Complete);

        go.SetResult();
        (await running).ShouldBe(PollState.Abandoned);
        (await stale.RowAsync(run)).State.ShouldBe(PollState.Abandoned);
        (await stale.InAsync(db => db.Set<AuditEntry>().Where(e => e.Action == "source.poll" && e.TargetId == source.ToString()).OrderBy(e => e.Sequence)
            .Select(e => e.Note!).ToListAsync(Cancel))).Select(n => n.Split(';')[0]).ShouldBe(["run 1 Abandoned", "run 2 Complete"], "each once");
        var row = await stale.SourceAsync(source);
        (row.LastRunId, row.LeaseHolder).ShouldBe((second.Id, null));
        (await stale.InAsync(db => db.Set<NhiGovernance.Inventory.Identity>().Where(i => i.SourceId == source).Select(i => i.NaturalKey).ToListAsync(Cancel)))
            .ShouldBe(["a", "b"], ignoreOrder: true);

        async IAsyncEnumerable<ReadEvent> Script(ConnectorContext context, [EnumeratorCancellation] CancellationToken token)
        {
            yield return new ScopeStarted(ScriptedConnector.ScopeOf("acme"), null);
            reached.SetResult();
            await go.Task.WaitAsync(token);
            yield return ScriptedConnector.Page(ScriptedConnector.ScopeOf("acme"), "stale-write");
            yield return ScopeEnded.Complete(ScriptedConnector.ScopeOf("acme"));
        }
    }

    [Fact]
    public async Task Run_TakenWhileOneIsLeftRunning_LogsThatOneAsAbandoned()
    {
        await using var world = new SourceWorld(database);
        var source = await world.AddAsync();
        var left = await world.QueueAsync(source);
        await world.InAsync(db => db.Set<PollRun>().Where(r => r.Id == left)
            .ExecuteUpdateAsync(r => r.SetProperty(x => x.State, PollState.Running).SetProperty(x => x.Seen, 5000), Cancel));
        var next = await world.InAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
            var queued = await world.Engine.Get<PollQueue>().AddAsync(db, source, PollTrigger.Schedule, TimeSpan.Zero, Cancel);
            await transaction.CommitAsync(Cancel);
            return queued.RunId;
        });

        (await world.Poll.RunAsync(next, Cancel)).ShouldBe(PollState.Complete);

        (await world.RowAsync(left)).State.ShouldBe(PollState.Abandoned);
        (await world.InAsync(db => db.Set<AuditEntry>().Where(e => e.Action == "source.poll" && e.TargetId == source.ToString()).OrderBy(e => e.Sequence)
            .Select(e => e.Note).FirstAsync(Cancel))).ShouldBe("run 1 Abandoned; 5000 things seen by its last word, what was written of them stays");
    }

    [Fact]
    public async Task Run_WorkerStopped_EndsAsFarAsItCameAndQueuesAnother()
    {
        await using var world = new SourceWorld(database);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        world.Connector.Script = Script;
        var source = await world.AddAsync();
        var run = await world.QueueAsync(source);

        (await world.Poll.RunAsync(run, stop.Token)).ShouldBe(PollState.Partial);
        (await world.InAsync(db => db.Set<PollRun>().CountAsync(r => r.SourceId == source && r.State == PollState.Queued, Cancel))).ShouldBe(1);

        async IAsyncEnumerable<ReadEvent> Script(ConnectorContext context, [EnumeratorCancellation] CancellationToken token)
        {
            await foreach (var read in ScriptedConnector.OneScopeAsync(context, token))
            {
                yield return read;
            }

            await stop.CancelAsync();
            token.ThrowIfCancellationRequested();
        }
    }
}
