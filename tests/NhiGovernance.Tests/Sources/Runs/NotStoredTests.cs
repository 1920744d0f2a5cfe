using System.Runtime.CompilerServices;
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
}
