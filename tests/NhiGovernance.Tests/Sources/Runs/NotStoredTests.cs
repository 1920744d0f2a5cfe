using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Runs;

/// <summary>The source answered, and our own side failed: that run judges nothing and does not hang.</summary>
public sealed class NotStoredTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Run_InventoryCannotStoreIt_FailsFreesTheLeaseAndKeepsNoMemory()
    {
        await using var world = new SourceWorld(database, services => services.Replace(ServiceDescriptor.Singleton<IObservationSink>(new FailingSink())));
        world.Connector.Script = Script;
        var source = await world.AddAsync();
        var run = await world.RunAsync(source);

        (run.State, run.EndedAt is null).ShouldBe((PollState.Failed, false));
        run.Error.ShouldNotBeNull().ShouldContain("could not all be stored");
        run.Error.ShouldNotContain("disk");
        var row = await world.SourceAsync(source);
        (row.LeaseHolder, row.LastState, row.LastReadAt, row.LastCompleteAt).ShouldBe((null, PollState.Failed, null, null));
        (await world.RunAsync(source)).Fence.ShouldBe(2, "the next run reads at once");

        static async IAsyncEnumerable<ReadEvent> Script(ConnectorContext context, [EnumeratorCancellation] CancellationToken token)
        {
            await foreach (var read in ScriptedConnector.OneScopeAsync(context, token))
            {
                yield return read;
            }
        }
    }

    [Fact]
    public async Task Run_WhoseSightingsADatabaseCrashTook_IsPartialAndKeepsNothing()
    {
        await using var world = new SourceWorld(database);
        var (crash, current) = (false, new List<bool>());
        world.Connector.Script = Script;
        var source = await world.AddAsync();
        var first = await world.RunAsync(source);
        (first.State, first.Error).ShouldBe((PollState.Complete, null));
        var readAt = (await world.SourceAsync(source)).LastReadAt;

        crash = true;
        var run = await world.RunAsync(source);
        (run.State, run.WentMissing).ShouldBe((PollState.Partial, 0));
        run.Error.ShouldNotBeNull().ShouldContain("restarted");
        var row = await world.SourceAsync(source);
        (row.LastReadAt, row.LastCompleteAt).ShouldBe((readAt, readAt));

        crash = false;
        (await world.RunAsync(source)).State.ShouldBe(PollState.Complete);
        current.ShouldBe([true, true, false]);

        async IAsyncEnumerable<ReadEvent> Script(ConnectorContext context, [EnumeratorCancellation] CancellationToken token)
        {
            current.Add(await context.Memory.IsCurrentAsync("tag", token));
            var scope = ScriptedConnector.ScopeOf("acme");
            yield return new ScopeStarted(scope, null);
            yield return ScriptedConnector.Page(scope, [.. Enumerable.Range(0, NhiGovernance.Inventory.Reconcile.InventoryWriter.BatchSize).Select(i => $"{i:00000}")]);
            if (crash)
            {
                await world.InAsync(db => db.Set<NhiGovernance.Inventory.Reconcile.RunSighting>().ExecuteDeleteAsync(token));
            }

            yield return ScopeEnded.Complete(scope);
            await context.Memory.SetAsync("tag", "1", token);
        }
    }
}
