using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Common;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Connectors.Git;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Outbound;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Sources.Connectors.Git;

public sealed class GitForcedBackTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Poll_BranchForcedAwayAndBackAroundACancelledRun_FindsWhatIsThere()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write(".github/workflows/release.yml", "on: push\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm publish\n");
        sandbox.Commit("with a workflow");
        sandbox.Publish();
        var connector = new Interrupted(new GitConnector(sandbox.Options, new OutboundGuard(new OutboundOptions(), new SystemResolver())));
        await using var world = new SourceWorld(database, services => services.Replace(ServiceDescriptor.Singleton(new ConnectorCatalogue([connector]))));
        var made = await world.Engine.Get<CreateSource>().RunAsync(
            new CreateSourceRequest("git", $"Git {Guid.CreateVersion7()}", new Dictionary<string, string> { ["url"] = sandbox.Repository }, new Dictionary<string, string>(), PollNow: false), Cancel);
        made.IsOk.ShouldBeTrue(made.IsOk ? null : made.Error.ToString());
        var source = made.Value.Id;
        (await world.RunAsync(source)).State.ShouldBe(PollState.Complete);
        var there = (await PresencesAsync(world, source)).Keys.Order().ToList();
        there.ShouldNotBeEmpty();

        // Somebody forces a history without the workflow; that run is cancelled when it has read that there is none.
        var a = sandbox.Git("rev-parse", "HEAD").Trim();
        sandbox.Git("checkout", "--quiet", "--orphan", "other");
        sandbox.Git("rm", "-rf", "--quiet", ".");
        sandbox.Commit("nothing");
        sandbox.Git("push", "--quiet", "--force", sandbox.Repository, "HEAD:refs/heads/main");
        var run = await world.QueueAsync(source);
        connector.After = async (read, token) =>
        {
            if (read is ScopeEnded { Scope.Kind: "workflows" })
            {
                await world.Engine.Get<CancelRun>().RunAsync(new CancelRunRequest(run), token);
                await Task.Delay(Timeout.Infinite, token);
            }
        };
        (await world.Poll.RunAsync(run, Cancel)).ShouldBe(PollState.Cancelled);
        (await PresencesAsync(world, source)).Values.ShouldContain(Presence.Missing);

        connector.After = null;
        sandbox.Git("push", "--quiet", "--force", sandbox.Repository, $"{a}:refs/heads/main");
        await world.RunAsync(source);

        var presences = await PresencesAsync(world, source);
        there.ShouldAllBe(k => presences[k] == Presence.Present);
        await world.RunAsync(source);
        (await world.InAsync(db => db.Set<SourceScope>().CountAsync(s => s.SourceId == source && s.LastOutcome == ScopeOutcome.Unchanged, Cancel)))
            .ShouldBe(5, "and that run's references count");
    }

    private static Task<Dictionary<string, Presence>> PresencesAsync(SourceWorld world, Guid source) => world.InAsync(
        db => db.Set<NhiGovernance.Inventory.Identity>().Where(i => i.SourceId == source).ToDictionaryAsync(i => i.NaturalKey, i => i.Presence, Cancel));

    private sealed class Interrupted(IConnector inner) : IConnector
    {
        public Func<ReadEvent, CancellationToken, Task>? After { get; set; }

        public ConnectorDescriptor Descriptor => inner.Descriptor;

        public IReadOnlyList<FieldFault> Validate(SourceSettings settings) => inner.Validate(settings);

        public IAsyncEnumerable<TestStep> TestAsync(ConnectorContext context, CancellationToken cancellationToken) => inner.TestAsync(context, cancellationToken);

        public async IAsyncEnumerable<ReadEvent> ReadAsync(
            ConnectorContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var read in inner.ReadAsync(context, cancellationToken))
            {
                yield return read;
                if (After is { } after)
                {
                    await after(read, cancellationToken);
                }
            }
        }
    }
}
