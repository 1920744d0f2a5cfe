using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Runs;

/// <summary>A run of some lists that is killed, stopped or refused: what it was to read is read by another, and it spoils nothing else.</summary>
public sealed class PartTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Part_Killed_IsTakenOverAsThatPartAndDoubtsNothingElse()
    {
        await using var world = new SourceWorld(database);
        await using var other = new SourceWorld(database);
        var places = new Places(world);
        var source = await world.AddAsync();
        await world.RunAsync(source);
        places.Is("one", "B", "b");

        var running = await HangAsync(world, places, source, "one");
        (await MarkAsync(world, source)).ShouldBe("tag/one", "no other list was touched");
        await world.ExpireLeaseAsync(source);
        (await other.Poll.TakeOverAsync(Cancel)).ShouldBe(1);
        (await running.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe(PollState.Abandoned);
        var next = await QueuedAsync(world, source);
        ReadTarget.Read(next.Targets).ShouldBe([new ReadTarget("one", "keys")]);

        places.Is("one", "A", "one-a");
        (await world.Poll.RunAsync(next.Id, Cancel)).ShouldBe(PollState.Complete);
        places.Unchanged.ShouldBeEmpty("what was kept of it is older than what the killed one wrote");
        (await MarkAsync(world, source)).ShouldBeNull();
        await world.RunAsync(source);
        places.Unchanged.ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task WholeRunOfADelivery_Killed_IsTakenOverAsThatDeliverys()
    {
        await using var world = new SourceWorld(database);
        await using var other = new SourceWorld(database);
        var places = new Places(world);
        var source = await world.AddAsync();
        var running = await HangAsync(world, places, source);
        await world.ExpireLeaseAsync(source);
        (await other.Poll.TakeOverAsync(Cancel)).ShouldBe(1);
        var next = await QueuedAsync(world, source);
        (next.Trigger, next.Targets, next.WebhookTries).ShouldBe((PollTrigger.Takeover, null, 0));
        (await running.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe(PollState.Abandoned);
    }

    [Fact]
    public async Task Part_AfterAWholeRunThatDied_ReadsEverything()
    {
        await using var world = new SourceWorld(database);
        await using var other = new SourceWorld(database);
        var places = new Places(world);
        var source = await world.AddAsync();
        var running = await HangAsync(world, places, source);
        var part = await QueueAsync(world, source, "one");
        await world.ExpireLeaseAsync(source);
        var elsewhere = new Places(other);

        // Another worker finds the lease run out before anybody ended what was left behind.
        (await other.Poll.RunAsync(part, Cancel)).ShouldBe(PollState.Complete);
        elsewhere.Read.ShouldBe(["one", "two"]);
        (await world.RowAsync(part)).Targets.ShouldBeNull();
        (await running.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe(PollState.Abandoned);
    }

    [Fact]
    public async Task Part_OfAWorkerThatIsStopped_WaitsForAnother()
    {
        await using var world = new SourceWorld(database);
        var places = new Places(world);
        var source = await world.AddAsync();
        await world.RunAsync(source);
        places.Is("one", "B", "b");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = await HangAsync(world, places, source, stop.Token, "one");
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        (await MarkAsync(world, source)).ShouldBe("tag/one");
        var next = await QueuedAsync(world, source);
        ReadTarget.Read(next.Targets).ShouldBe([new ReadTarget("one", "keys")], "not more, and with all its tries");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Part_ThatAPersonCancels_SaysWhatIsReadLater(bool isRunning)
    {
        await using var world = new SourceWorld(database);
        var places = new Places(world);
        var source = await world.AddAsync();
        await world.RunAsync(source);
        places.Is("one", "B", "b");
        var running = isRunning ? await HangAsync(world, places, source, "one") : null;
        var run = running is null ? await QueueAsync(world, source, "one")
            : await world.InAsync(db => db.Set<PollRun>().Where(r => r.SourceId == source && r.State == PollState.Running).Select(r => r.Id).SingleAsync(Cancel));

        (await world.Engine.Get<CancelRun>().RunAsync(new CancelRunRequest(run), Cancel)).IsOk.ShouldBeTrue();
        if (running is not null)
        {
            (await running.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe(PollState.Cancelled);
        }

        var row = await world.RowAsync(run);
        (row.State, row.Notes).ShouldBe((PollState.Cancelled, "Left to the next run of everything, since a person cancelled it: keys of one."));
        (await world.InAsync(db => db.Set<PollRun>().AnyAsync(r => r.SourceId == source && r.State == PollState.Queued, Cancel))).ShouldBeFalse();
    }

    [Fact]
    public async Task Part_BesideValuesThatAreDoubted_LeavesThemToAWholeRun()
    {
        await using var world = new SourceWorld(database);
        var places = new Places(world);
        var source = await world.AddAsync();
        await world.RunAsync(source);
        await world.InAsync(async db =>
        {
            db.Add(new SourceMemory { SourceId = source, Key = SourceMemory.DistrustKey, Value = SourceMemory.Everything });
            return await db.SaveChangesAsync(Cancel);
        });

        await world.Poll.RunAsync(await QueueAsync(world, source, "one"), Cancel);
        (places.Unchanged.Count, await MarkAsync(world, source)).ShouldBe((0, SourceMemory.Everything));
        await world.RunAsync(source);
        (places.Unchanged.Count, await MarkAsync(world, source)).ShouldBe((0, null));
    }

    private static Task<Task<PollState?>> HangAsync(SourceWorld world, Places places, Guid source, params string[] only) => HangAsync(world, places, source, Cancel, only);

    private static async Task<Task<PollState?>> HangAsync(SourceWorld world, Places places, Guid source, CancellationToken stop, params string[] only)
    {
        var run = await QueueAsync(world, source, only);
        places.Hang = true;
        var running = world.Poll.RunAsync(run, stop);
        await places.Reached.Task.WaitAsync(Cancel);
        places.Hang = false;
        places.Forget();
        return running;
    }

    private static Task<Guid> QueueAsync(SourceWorld world, Guid source, params string[] only) => world.InAsync(async db =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        var run = await world.Engine.Get<PollQueue>().AddAsync(
            db, source, PollTrigger.Webhook, TimeSpan.Zero, Cancel, only.Length == 0 ? null : [.. only.Select(p => new ReadTarget(p, "keys"))]);
        await transaction.CommitAsync(Cancel);
        return run.RunId;
    });

    private static Task<PollRun> QueuedAsync(SourceWorld world, Guid source) =>
        world.InAsync(db => db.Set<PollRun>().AsNoTracking().SingleAsync(r => r.SourceId == source && r.State == PollState.Queued, Cancel));

    private static Task<string?> MarkAsync(SourceWorld world, Guid source) => world.InAsync(db => db.Set<SourceMemory>()
        .Where(m => m.SourceId == source && m.Key == SourceMemory.DistrustKey).Select(m => m.Value).SingleOrDefaultAsync(Cancel));

    /// <summary>Two places with an entity tag each, read by a connector that believes them, and that reads what it is told.</summary>
    private sealed class Places
    {
        private readonly Dictionary<string, (string Tag, string[] Keys)> _places = new(StringComparer.Ordinal) { ["one"] = ("A", ["one-a"]), ["two"] = ("A", ["two-a"]) };

        public Places(SourceWorld world) => world.Connector.Script = ReadAsync;

        public bool Hang { get; set; }

        public List<string> Unchanged { get; } = [];

        public List<string> Read { get; } = [];

        public TaskCompletionSource Reached { get; } = new();

        public void Is(string place, string tag, params string[] keys) => _places[place] = (tag, keys);

        public void Forget()
        {
            Unchanged.Clear();
            Read.Clear();
        }

        private async IAsyncEnumerable<ReadEvent> ReadAsync(ConnectorContext context, [EnumeratorCancellation] CancellationToken token)
        {
            var hang = Hang;
            foreach (var (place, (tag, keys)) in _places.Where(p => context.Only.Count == 0 || context.Only.Any(t => t.Place == p.Key)))
            {
                var scope = ScriptedConnector.ScopeOf(place);
                var before = await context.Memory.GetAsync($"tag/{place}", token);
                yield return new ScopeStarted(scope, null);
                Read.Add(place);
                if (before == tag && await context.Memory.IsCurrentAsync($"tag/{place}", token))
                {
                    Unchanged.Add(place);
                    yield return ScopeEnded.Unchanged(scope);
                    continue;
                }

                yield return ScriptedConnector.Page(scope, keys);
                if (hang)
                {
                    Reached.TrySetResult();
                    await Task.Delay(Timeout.Infinite, token);
                }

                yield return ScopeEnded.Complete(scope);
                await context.Memory.SetAsync($"tag/{place}", tag, [scope], token);
            }
        }
    }
}
