using System.Runtime.CompilerServices;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Runs;

/// <summary>What a run remembers for the next one, and how many runs wait.</summary>
public sealed class RunMemoryTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Memory_IsKeptAfterACompleteRunOnly()
    {
        await using var world = new SourceWorld(database);
        var seen = new List<string?>();
        var fail = true;
        world.Connector.Script = Script;
        var source = await world.AddAsync();
        await world.RunAsync(source);
        fail = false;
        await world.RunAsync(source);
        await world.RunAsync(source);

        seen.ShouldBe([null, null, "tag"]);

        async IAsyncEnumerable<ReadEvent> Script(ConnectorContext context, [EnumeratorCancellation] CancellationToken token)
        {
            seen.Add(await context.Memory.GetAsync("etag", token));
            await context.Memory.SetAsync("etag", "tag", token);
            if (fail)
            {
                throw new ConnectorException("No.");
            }

            await foreach (var read in ScriptedConnector.OneScopeAsync(context, token))
            {
                yield return read;
            }
        }
    }

    [Fact]
    public async Task Queue_AskedManyTimesAtOnce_HasOneRun()
    {
        await using var world = new SourceWorld(database);
        var source = await world.AddAsync();
        var queue = world.Engine.Get<PollQueue>();
        var runs = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ => await world.InAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
            var run = await queue.AddAsync(db, source, PollTrigger.Webhook, TimeSpan.Zero, Cancel);
            await transaction.CommitAsync(Cancel);
            return run;
        })));

        runs.Select(r => r.RunId).Distinct().Count().ShouldBe(1);
        runs.Count(r => r.IsNew).ShouldBe(1);
    }
}
