using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Inventory.Reconcile;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Runs;

/// <summary>A decision that waits is a person's: no run that was cut off makes one, or makes one go from sight.</summary>
public sealed class HeldRunTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_CutOffWhereMuchIsGone_SaysNothingOfIt(bool isHeldBefore)
    {
        await using var world = new SourceWorld(database);
        var (things, isCut) = (40, false);
        world.Connector.Script = Script;
        var source = await world.AddAsync();
        (await world.RunAsync(source)).State.ShouldBe(PollState.Complete);
        things = 5;
        if (isHeldBefore)
        {
            (await world.RunAsync(source)).State.ShouldBe(PollState.Held);
        }

        isCut = true;
        var cut = await world.RunAsync(source);
        (cut.State, cut.HeldBack, cut.WentMissing).ShouldBe((PollState.Partial, 0, 0), cut.Error);
        (await HeldAsync(world, source)).ShouldBe(isHeldBefore ? 35 : 0, "nobody could decide about a run that is not held");
        var row = (await world.Engine.Get<GetSource>().RunAsync(new GetSourceRequest(source), Cancel)).Value.Row;
        (row.HeldRunId is not null, row.LastState).ShouldBe((isHeldBefore, PollState.Partial));

        isCut = false;
        (await world.RunAsync(source)).ShouldSatisfyAllConditions(r => r.State.ShouldBe(PollState.Held), r => r.HeldBack.ShouldBe(35));

        async IAsyncEnumerable<ReadEvent> Script(ConnectorContext context, [EnumeratorCancellation] CancellationToken token)
        {
            await Task.Yield();
            var scope = ScriptedConnector.ScopeOf("acme");
            yield return new ScopeStarted(scope, null);
            yield return ScriptedConnector.Page(scope, [.. Enumerable.Range(0, things).Select(n => $"thing-{n}")]);
            yield return ScopeEnded.Complete(scope);
            if (isCut)
            {
                throw new ConnectorException("The source went away.");
            }
        }
    }

    [Fact]
    public async Task Source_SwitchedOnAgain_ReadsWhatWebhooksSaidMeanwhile()
    {
        await using var world = new SourceWorld(database);
        var source = await world.AddAsync();
        await world.Engine.Get<EnableSource>().RunAsync(new EnableSourceRequest(source), Cancel);
        await world.InAsync(async db =>
        {
            db.Add(new WebhookDelivery { SourceId = source, DeliveryId = "d-1", Event = "deploy_key", BodyDigest = new byte[32], ReceivedAt = DateTimeOffset.UnixEpoch });
            return await db.SaveChangesAsync(Cancel);
        });
        await world.Engine.Get<EnableSource>().RunAsync(new EnableSourceRequest(source), Cancel);
        (await QueuedAsync(world, source)).ShouldBe(0, "it was on");

        (await world.Engine.Get<DisableSource>().RunAsync(new DisableSourceRequest(source), Cancel)).IsOk.ShouldBeTrue();
        (await world.Engine.Get<EnableSource>().RunAsync(new EnableSourceRequest(source), Cancel)).IsOk.ShouldBeTrue();
        (await QueuedAsync(world, source)).ShouldBe(1);
        (await world.SourceAsync(source)).IsEnabled.ShouldBeTrue();
    }

    private static Task<int> HeldAsync(SourceWorld world, Guid source) => world.InAsync(db => db.Set<HeldDisappearance>().CountAsync(h => h.SourceId == source, Cancel));

    private static Task<int> QueuedAsync(SourceWorld world, Guid source) =>
        world.InAsync(db => db.Set<PollRun>().CountAsync(r => r.SourceId == source && r.State == PollState.Queued && r.Targets == null, Cancel));
}
