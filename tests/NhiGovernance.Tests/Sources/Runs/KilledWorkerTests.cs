using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Audit;
using NhiGovernance.Catalogue;
using NhiGovernance.Data;
using NhiGovernance.Inventory;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Sources.Connectors.GitHub;

namespace NhiGovernance.Tests.Sources.Runs;

/// <summary>The product as a process of its own reads a source and is killed with SIGKILL; another worker takes over.</summary>
public sealed class KilledWorkerTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Poll_WorkerKilled_IsTakenOverAndNothingIsDouble()
    {
        var (seed, kills) = (LongRun.Seed(), LongRun.Number("NHI_TEST_KILLS", sample: 1, full: 50));
        var random = new Random(seed);
        await using var github = await ScriptedGitHub.StartAsync(new ScriptedOrganization(3, 5), TimeProvider.System);
        await using var engine = EngineFor(github);
        var whole = await AddAsync(engine, github, pollNow: true);
        await engine.Get<PollSource>().RunAsync(whole.RunId!.Value, Cancel);
        var (expected, requests) = (await RowsAsync(whole.Id), github.Requests.Count);
        expected.ShouldAllBe(n => n > 0);

        var tooLate = 0;
        for (var n = 0; n < kills; n++)
        {
            // Past the last request it writes; one time in three that is where it dies.
            var at = kills == 1 ? requests / 2 : random.Next(3) == 0 ? requests : random.Next(1, requests);
            tooLate += await KillAsync(engine, github, expected, at, hold: at < requests, TimeSpan.FromMilliseconds(random.Next(40)), $"seed {seed}, kill {n}, request {at} of {requests}") ? 0 : 1;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {kills} kills, {tooLate} of them after the run's end; 0 lost, 0 double");
    }

    /// <returns>False when the run had ended before the signal came.</returns>
    private async Task<bool> KillAsync(TestEngine engine, ScriptedGitHub github, int[] expected, int at, bool hold, TimeSpan after, string what)
    {
        var (reached, seen) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        github.Extra = async http =>
        {
            if (Interlocked.Increment(ref seen) == at)
            {
                reached.SetResult();
                if (hold)
                {
                    await GoneAsync(http);
                    return true;
                }
            }

            return false;
        };

        // An hour of GitHub's for each: fifty kills would use up one, and the run then waits for the next as it should.
        github.Remaining = 5000;
        var source = await AddAsync(engine, github, pollNow: true);
        using var data = new TemporaryFolder();
        await using (var worker = await ProductProcess.ServeAsync(
            data.Path,
            [
                $"--ConnectionStrings:NhiGovernance={database.Connection.Serving}", $"--ConnectionStrings:NhiGovernanceOwner={database.Connection.Owner}",
                "--Database:MigrateOnStart=false", .. Settings(github).Select(s => $"--{s.Key}={s.Value}"),
            ]))
        {
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
            if (!hold)
            {
                await Task.Delay(after, TimeProvider.System, Cancel);
            }

            await worker.SignalAsync(ProductProcess.Kill);
        }

        github.Extra = null;
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var runs = db.Set<PollRun>().AsNoTracking().Where(r => r.SourceId == source.Id);
        var cut = (await runs.SingleAsync(r => r.Id == source.RunId, Cancel)).State == PollState.Running;
        if (cut)
        {
            // Sixty seconds of silence, without waiting for them.
            await db.Set<Source>().Where(s => s.Id == source.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.LeaseUntil, DateTimeOffset.UnixEpoch), Cancel);
            (await engine.Get<PollSource>().TakeOverAsync(Cancel)).ShouldBeGreaterThan(0, what);
            (await runs.SingleAsync(r => r.Id == source.RunId, Cancel)).State.ShouldBe(PollState.Abandoned, what);
            var next = await runs.SingleAsync(r => r.State == PollState.Queued, Cancel);
            next.Trigger.ShouldBe(PollTrigger.Takeover, what);
            (await engine.Get<PollSource>().RunAsync(next.Id, Cancel)).ShouldBe(PollState.Complete, what);
        }

        (await runs.CountAsync(r => r.State == PollState.Running, Cancel)).ShouldBe(0, what);
        (await runs.CountAsync(r => r.State == PollState.Complete, Cancel)).ShouldBe(1, what);
        (await db.Set<AuditEntry>().CountAsync(e => e.Action == "source.poll" && e.TargetId == source.Id.ToString(), Cancel)).ShouldBe(cut ? 2 : 1, $"{what}: one for each run");
        (await db.Set<Source>().AsNoTracking().SingleAsync(s => s.Id == source.Id, Cancel)).LeaseHolder.ShouldBeNull(what);
        (await RowsAsync(source.Id)).ShouldBe(expected, what);
        return cut;
    }

    private TestEngine EngineFor(ScriptedGitHub github) => database.CreateEngine(
        services => services.Replace(ServiceDescriptor.Singleton(TimeProvider.System)),
        Settings(github).ToDictionary(s => s.Key, s => (string?)s.Value));

    private IEnumerable<(string Key, string Value)> Settings(ScriptedGitHub github) =>
    [
        ("Keys:Folder", SourceWorld.KeysOf(database)), ("Sources:AllowPrivateHosts", $"127.0.0.1,127.0.0.1:{github.Port}"),
        ("Sources:AllowHttpHosts", $"127.0.0.1,127.0.0.1:{github.Port}"),
    ];

    private static async Task<SourceCreated> AddAsync(TestEngine engine, ScriptedGitHub github, bool pollNow)
    {
        var settings = new Dictionary<string, string>
        {
            ["address"] = github.Address, ["organization"] = ScriptedOrganization.Login, ["auth"] = "token", ["concurrency"] = "2",
        };
        var made = await engine.Get<CreateSource>().RunAsync(
            new CreateSourceRequest("github", $"GitHub {Guid.CreateVersion7()}", settings, new Dictionary<string, string> { ["token"] = ScriptedGitHub.Token }, 1440, pollNow), Cancel);
        made.IsOk.ShouldBeTrue(made.IsOk ? null : made.Error.ToString());
        return made.Value;
    }

    /// <summary>Present rows of identities, credentials, resources and people; a row that is not present, or a change, would be one too many.</summary>
    private async Task<int[]> RowsAsync(Guid source)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        return
        [
            await Count<NhiGovernance.Inventory.Identity>(db), await Count<NhiGovernance.Inventory.Credential>(db),
            await Count<Resource>(db), await Count<PersonHandle>(db),
        ];

        async Task<int> Count<T>(GovernanceDb on)
            where T : class, IObserved
        {
            (await on.Set<T>().CountAsync(r => r.SourceId == source && r.Presence != Presence.Present, Cancel)).ShouldBe(0);
            return await on.Set<T>().CountAsync(r => r.SourceId == source, Cancel);
        }
    }

    private static async Task GoneAsync(HttpContext http)
    {
        var gone = new TaskCompletionSource();
        await using var left = http.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
