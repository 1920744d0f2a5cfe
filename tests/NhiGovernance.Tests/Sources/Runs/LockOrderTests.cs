using Microsoft.EntityFrameworkCore;
using NhiGovernance.Jobs;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Runs;

/// <summary>Everybody who queues, takes, ends, takes over or changes one source at once: they wait for each other, and never in a circle.</summary>
public sealed class LockOrderTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Rounds = 25;
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queueing_WhileRunsEndAndAreTakenOver_NeverDeadlocks()
    {
        await using var world = new SourceWorld(database);
        world.Connector.Script = ReadAsync;
        var source = await world.AddAsync();
        var ticks = world.Engine.Get<SourceTick>();
        var queue = world.Engine.Get<PollQueue>();
        var faults = new List<string>();

        await Task.WhenAll(
            Loop(async _ => await world.Poll.RunAsync(await world.QueueAsync(source), Cancel)),
            Loop(_ => world.QueueAsync(source)),
            Loop(_ => ticks.TickAsync(source, TimeProvider.System.GetUtcNow(), Cancel)),
            Loop(async _ =>
            {
                await world.ExpireLeaseAsync(source);
                await world.Poll.TakeOverAsync(Cancel);
            }),
            Loop(_ => QueueFirstAsync()),
            Loop(UpdateAsync));

        faults.ShouldBeEmpty();
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var numbers = await db.Set<PollRun>().Where(r => r.SourceId == source).Select(r => r.Number).Order().ToListAsync(Cancel);
        numbers.ShouldBe(Enumerable.Range(1, numbers.Count).Select(n => (long)n), "no number twice, none left out");

        // As an end does that queues the next run, and as a webhook does: both rows in one transaction, one order.
        async Task QueueFirstAsync()
        {
            await using var context = await database.Contexts.CreateDbContextAsync(Cancel);
            await using var transaction = await context.Database.BeginTransactionAsync(Cancel);
            await queue.AddAsync(context, source, PollTrigger.Webhook, TimeSpan.Zero, Cancel);
            await context.Set<Source>().Where(s => s.Id == source).ExecuteUpdateAsync(s => s.SetProperty(x => x.NextRunAt, (DateTimeOffset?)null), Cancel);
            await transaction.CommitAsync(Cancel);
        }

        async Task UpdateAsync(int n)
        {
            var row = await world.SourceAsync(source);
            await world.Engine.Get<UpdateSource>().RunAsync(
                new UpdateSourceRequest(source, row.Version, row.Name, new Dictionary<string, string> { ["url"] = $"https://keys{n}.example.com" }), Cancel);
        }

        Task Loop(Func<int, Task> work) => Task.Run(async () =>
        {
            for (var n = 0; n < Rounds; n++)
            {
                try
                {
                    await work(n);
                }
                catch (Exception fault)
                {
                    lock (faults)
                    {
                        faults.Add(fault.ToString());
                    }
                }
            }
        }, Cancel);
    }

    private static async IAsyncEnumerable<ReadEvent> ReadAsync(ConnectorContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        var scope = new Scope("keys", "all");
        await context.Memory.SetAsync("position", Guid.CreateVersion7().ToString(), token);
        yield return new ScopeStarted(scope, null);
        yield return ScopeEnded.Complete(scope);
    }
}
