using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Jobs;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Connectors.Own;
using NhiGovernance.Tests.Fakes;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Jobs;

/// <summary>The real schedule, in two processes' worth of workers on one database.</summary>
public sealed class ScheduleTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    /// <summary>Two machines share their key ring.</summary>
    private static readonly string Keys = Directory.CreateTempSubdirectory("nhi-keys-").FullName;

    [Fact]
    public async Task Start_TwoWorkers_MakeOneOwnSourceReadItOnceAndKeepItsTrigger()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        var own = await UntilAsync(db => db.Set<Source>().SingleOrDefaultAsync(
            s => s.ConnectorKey == OwnConnector.Key && s.LastState == PollState.Complete && s.NextRunAt != null, Cancel));

        own.NextRunAt!.Value.ShouldBeGreaterThan(own.CreatedAt);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<Source>().CountAsync(s => s.ConnectorKey == OwnConnector.Key, Cancel)).ShouldBe(1);
        (await db.Set<PollRun>().CountAsync(r => r.SourceId == own.Id && r.State != PollState.Complete, Cancel)).ShouldBe(0);
        (await db.Set<ScheduledJob>().CountAsync(Cancel)).ShouldBe(one.Services.GetRequiredService<JobCatalogue>().All.Count);

        // A person asks on a web node: a worker hears of it and runs it.
        await db.Set<ScheduledJob>().Where(j => j.Key == "prune-runs").ExecuteUpdateAsync(
            j => j.SetProperty(x => x.RequestedAt, TimeProvider.System.GetUtcNow()), Cancel);
        await database.Dialect.SignalAsync(db, new NhiGovernance.Data.ChangeSignal(JobTopics.Job, Guid.Empty), Cancel);
        (await UntilAsync(d => d.Set<JobRun>().SingleOrDefaultAsync(r => r.JobKey == "prune-runs" && r.Outcome == JobOutcome.Done, Cancel)))
            .Trigger.ShouldBe(JobTrigger.Person);
    }

    [Fact]
    public async Task Tick_SameTickTwice_QueuesOneRun()
    {
        await using var engine = database.CreateEngine(services => services.TryAddSingleton<IObservationSink, CountingSink>());
        var source = new Source
        {
            Id = engine.NewId(),
            ConnectorKey = "ticked",
            Name = $"Ticked {engine.NewId()}",
            Settings = "{}",
            Host = string.Empty,
            IsEnabled = true,
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        db.Add(source);
        await db.SaveChangesAsync(Cancel);
        var ticks = engine.Get<SourceTick>();
        var next = TimeProvider.System.GetUtcNow().AddHours(1);
        (await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ticks.TickAsync(source.Id, next, Cancel)))).ShouldAllBe(on => on);

        (await db.Set<PollRun>().CountAsync(r => r.SourceId == source.Id, Cancel)).ShouldBe(1);
        await db.Set<Source>().Where(s => s.Id == source.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.IsEnabled, false), Cancel);
        (await ticks.TickAsync(source.Id, next, Cancel)).ShouldBeFalse();
    }

    private Task<TestApplication> StartAsync() => TestApplication.StartAsync(
        database, builder => builder.Services.TryAddSingleton<IObservationSink, CountingSink>(), roles: "web,worker",
        settings: new Dictionary<string, string?> { ["Keys:Folder"] = Keys });

    /// <summary>Asks again until there is an answer; the test's own time limit ends it.</summary>
    private async Task<T> UntilAsync<T>(Func<NhiGovernance.Data.GovernanceDb, Task<T?>> look)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(40));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(limit.Token))
        {
            await using var db = await database.Contexts.CreateDbContextAsync(limit.Token);
            if (await look(db) is { } found)
            {
                return found;
            }
        }

        throw new TimeoutException();
    }
}
