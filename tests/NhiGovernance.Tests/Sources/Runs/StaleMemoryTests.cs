using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Sources.Connectors.GitHub;

namespace NhiGovernance.Tests.Sources.Runs;

/// <summary>
/// A source goes from A to B and back. What was kept at A says the truth about A; but a run wrote B in between, and ended in a way that
/// kept nothing. "As last time" would then be said of rows that are as they were the time after.
/// </summary>
public sealed class StaleMemoryTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PollState.Cancelled)]
    [InlineData(PollState.Partial)]
    [InlineData(PollState.Abandoned)]
    public async Task Run_BackAtWhatWasReadBeforeOneThatDidNotEndWell_ReadsAnew(PollState end)
    {
        await using var world = new SourceWorld(database);
        await using var other = new SourceWorld(database);
        var tagged = new Tagged(world);
        var source = await world.AddAsync();
        (await world.RunAsync(source)).State.ShouldBe(PollState.Complete);

        tagged.Is("B", "b");
        var cut = await world.QueueAsync(source);
        tagged.Hang = true;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = world.Poll.RunAsync(cut, stop.Token);
        await tagged.Reached.Task.WaitAsync(Cancel);
        switch (end)
        {
            case PollState.Cancelled:
                await world.Engine.Get<CancelRun>().RunAsync(new CancelRunRequest(cut), Cancel);
                break;
            case PollState.Partial:
                await stop.CancelAsync();
                break;
            default:
                await world.ExpireLeaseAsync(source);
                (await other.Poll.TakeOverAsync(Cancel)).ShouldBe(1);
                break;
        }

        (await running.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe(end);

        (tagged.Hang, tagged.Unchanged) = (false, 0);
        tagged.Is("A", "a", "b");
        await world.RunAsync(source);
        (await PresentAsync(world, source)).ShouldBe(["a", "b"], "whatever went missing by what was read of B is there");
        tagged.Unchanged.ShouldBe(0);

        await world.RunAsync(source);
        tagged.Unchanged.ShouldBe(1, "that one ended well: what it kept counts");
    }

    [Fact]
    public async Task Run_AfterOneThatReadNothing_TrustsWhatWasKept()
    {
        await using var world = new SourceWorld(database);
        var tagged = new Tagged(world);
        var source = await world.AddAsync();
        await world.RunAsync(source);
        world.Connector.Script = (_, _) => throw new ConnectorException("The source is away.");
        (await world.RunAsync(source)).State.ShouldBe(PollState.Failed);
        world.Connector.Script = tagged.ReadAsync;

        await world.RunAsync(source);

        tagged.Unchanged.ShouldBe(1);
    }

    [Fact]
    public async Task Run_ThatCouldNotReadAllAfterOneThatDied_TrustsWhatItReadItselfOnly()
    {
        await using var world = new SourceWorld(database);
        var (first, second) = (new Tagged(world, "first"), new Tagged(world, "second"));
        var onlyFirst = false;
        world.Connector.Script = BothAsync;
        var source = await world.AddAsync();
        await world.RunAsync(source);
        (await world.InAsync(db => db.Set<SourceMemory>().CountAsync(m => m.SourceId == source, Cancel))).ShouldBe(2);

        // As a run leaves it that was killed.
        await world.InAsync(async db =>
        {
            db.Add(new SourceMemory { SourceId = source, Key = SourceMemory.DistrustKey, Value = SourceMemory.Everything });
            return await db.SaveChangesAsync(Cancel);
        });
        onlyFirst = true;
        (await world.RunAsync(source)).State.ShouldBe(PollState.Complete);
        onlyFirst = false;
        await world.RunAsync(source);
        (first.Unchanged, second.Unchanged).ShouldBe((1, 0));
        await world.RunAsync(source);
        (first.Unchanged, second.Unchanged).ShouldBe((2, 1));

        async IAsyncEnumerable<ReadEvent> BothAsync(ConnectorContext context, [EnumeratorCancellation] CancellationToken token)
        {
            foreach (var part in onlyFirst ? new[] { first } : [first, second])
            {
                await foreach (var read in part.ReadAsync(context, token))
                {
                    yield return read;
                }
            }
        }
    }

    [Fact]
    public async Task GitHub_BackAtWhatWasReadBeforeAHeldRun_ForgetsWhatOnlyThatOneSaw()
    {
        var organization = new ScriptedOrganization(1, 40);
        await using var polled = await PolledGitHub.OpenAsync(database, organization, asApp: false, 1);
        (await polled.PollAsync()).State.ShouldBe(PollState.Complete);
        var whole = organization.Lists.Values.Where(l => l.Items.Count >= 40).Select(l => (l.Items, All: l.Items.ToList())).ToList();
        foreach (var (items, _) in whole)
        {
            items.RemoveRange(5, items.Count - 5);
        }

        var keys = organization.Lists["repos/acme/repo-0/keys"].Items;

        organization.AddDeployKey("repo-0", "for a moment");
        var passing = $"deploy-key:{keys[^1]["id"]}";
        (await polled.PollAsync()).State.ShouldBe(PollState.Held);
        (await polled.WrongAsync([passing], keys: true)).ShouldBeEmpty();

        foreach (var (items, all) in whole)
        {
            items.Clear();
            items.AddRange(all);
        }

        await polled.PassAsync(TimeSpan.FromHours(1), TimeSpan.FromHours(25));
        (await polled.PollAsync()).State.ShouldBe(PollState.Complete);

        (await polled.WrongAsync([passing], keys: true)).ShouldNotBeEmpty("its list is without it again");
    }

    private static Task<List<string>> PresentAsync(SourceWorld world, Guid source) => world.InAsync(db => db.Set<NhiGovernance.Inventory.Identity>()
        .Where(i => i.SourceId == source && i.Presence == Presence.Present).Select(i => i.NaturalKey).Order().ToListAsync(Cancel));

    /// <summary>A source with an entity tag, read by a connector that believes it.</summary>
    private sealed class Tagged
    {
        private readonly string _place;
        private string _tag = "A";
        private string[] _keys = ["a", "b"];

        public Tagged(SourceWorld world, string place = "acme")
        {
            _place = place;
            world.Connector.Script = ReadAsync;
        }

        public bool Hang { get; set; }

        public int Unchanged { get; set; }

        public TaskCompletionSource Reached { get; } = new();

        public void Is(string tag, params string[] keys) => (_tag, _keys) = (tag, keys);

        public async IAsyncEnumerable<ReadEvent> ReadAsync(ConnectorContext context, [EnumeratorCancellation] CancellationToken token)
        {
            var scope = ScriptedConnector.ScopeOf(_place);
            var key = $"tag/{_place}";
            yield return new ScopeStarted(scope, null);
            if (await context.Memory.GetAsync(key, token) == _tag && await context.Memory.IsCurrentAsync(key, token))
            {
                Unchanged++;
                yield return ScopeEnded.Unchanged(scope);
                yield break;
            }

            yield return ScriptedConnector.Page(scope, [.. _keys.Select(k => _place == "acme" ? k : $"{_place}/{k}")]);
            yield return ScopeEnded.Complete(scope);
            if (Hang)
            {
                Reached.TrySetResult();
                await Task.Delay(Timeout.Infinite, token);
            }

            await context.Memory.SetAsync(key, _tag, token);
        }
    }
}
