using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Audit;
using NhiGovernance.Jobs;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Jobs;

public sealed class JobRunnerTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_EveryJobOfTheEngine_IsDoneAndDescribesItself()
    {
        await using var engine = database.CreateEngine();
        var runner = engine.Get<JobRunner>();
        await runner.EnsureRowsAsync(Cancel);
        foreach (var job in engine.Get<JobCatalogue>().All)
        {
            job.Title.ShouldNotBeNullOrWhiteSpace();
            job.Does.ShouldEndWith(".");
            (await runner.RunAsync(job.Key, JobTrigger.Schedule, Cancel)).ShouldBe(JobOutcome.Done, job.Key);
        }

        engine.Actor.Be(NhiGovernance.Common.UseCases.Role.Engineer);
        var rows = (await engine.Get<ListJobs>().RunAsync(new ListJobsRequest(), Cancel)).Value.Items;
        rows.Where(r => r.Kind == JobKind.Keeping).ShouldAllBe(r => r.LastOutcome == "Done" && r.LastMessage!.EndsWith('.') && r.Seconds.Count == 1);
    }

    [Fact]
    public async Task Run_TwoTicksAtOnce_RunsOnce()
    {
        var (began, go, runs) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        await using var engine = Engine(async (_, token) =>
        {
            Interlocked.Increment(ref runs);
            began.TrySetResult();
            await go.Task.WaitAsync(token);
            return "Done.";
        });
        var runner = engine.Get<JobRunner>();
        await runner.EnsureRowsAsync(Cancel);
        var first = runner.RunAsync("probe", JobTrigger.Schedule, Cancel);
        await began.Task.WaitAsync(Cancel);
        (await runner.RunAsync("probe", JobTrigger.Schedule, Cancel)).ShouldBeNull();
        go.SetResult();

        (await first).ShouldBe(JobOutcome.Done);
        runs.ShouldBe(1);
    }

    [Fact]
    public async Task Run_SwitchedOff_RunsForAPersonOnly()
    {
        await using var engine = Engine((_, _) => Task.FromResult("Done."));
        var runner = engine.Get<JobRunner>();
        await runner.EnsureRowsAsync(Cancel);
        (await engine.Get<DisableJob>().RunAsync(new DisableJobRequest("probe"), Cancel)).IsOk.ShouldBeTrue();
        (await runner.RunAsync("probe", JobTrigger.Schedule, Cancel)).ShouldBeNull();
        (await engine.Get<RunJobNow>().RunAsync(new RunJobNowRequest("probe"), Cancel)).IsOk.ShouldBeTrue();
        (await runner.RunRequestedAsync(Cancel)).ShouldBe(1);
        (await runner.RunRequestedAsync(Cancel)).ShouldBe(0);
        (await engine.Get<EnableJob>().RunAsync(new EnableJobRequest("probe"), Cancel)).IsOk.ShouldBeTrue();

        string[] byPeople = ["job.disable", "job.run-now", "job.enable"];
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var said = await db.Set<AuditEntry>().AsNoTracking().Where(e => e.TargetKind == "job" && e.TargetId == "probe" && byPeople.Contains(e.Action))
            .OrderBy(e => e.Sequence).ToListAsync(Cancel);
        said.Select(e => e.Action).ShouldBe(byPeople);
        said[0].BeforeDigest.ShouldNotBeNull().ShouldBe(said[2].AfterDigest);
        said[0].AfterDigest.ShouldNotBeNull().ShouldBe(said[2].BeforeDigest);
        said[0].AfterDigest.ShouldNotBe(said[0].BeforeDigest);
    }

    [Fact]
    public async Task Run_ThrowsOrIsCancelled_EndsWithThatOutcome()
    {
        await using var failing = Engine((_, _) => throw new InvalidOperationException("secret inside"));
        await failing.Get<JobRunner>().EnsureRowsAsync(Cancel);
        (await failing.Get<JobRunner>().RunAsync("probe", JobTrigger.Schedule, Cancel)).ShouldBe(JobOutcome.Failed);

        var began = new TaskCompletionSource();
        await using var engine = Engine(async (_, token) =>
        {
            began.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return "Never.";
        });
        var running = engine.Get<JobRunner>().RunAsync("probe", JobTrigger.Schedule, Cancel);
        await began.Task.WaitAsync(Cancel);
        (await engine.Get<CancelJob>().RunAsync(new CancelJobRequest("probe"), Cancel)).IsOk.ShouldBeTrue();
        (await running.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe(JobOutcome.Cancelled);
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        (await db.Set<JobRun>().Where(r => r.JobKey == "probe").Select(r => r.Message).ToListAsync(Cancel)).ShouldAllBe(m => !m!.Contains("secret"));
    }

    private TestEngine Engine(Func<JobContext, CancellationToken, Task<string>> work) => database.CreateEngine(services =>
    {
        services.Replace(ServiceDescriptor.Singleton(TimeProvider.System));
        services.Replace(ServiceDescriptor.Singleton(new JobOptions { Beat = TimeSpan.FromMilliseconds(20) }));
        services.Replace(ServiceDescriptor.Singleton(new JobCatalogue([new Probe(work)])));
    });

    private sealed class Probe(Func<JobContext, CancellationToken, Task<string>> work) : IScheduledJob
    {
        public string Key => "probe";

        public string Title => "Probe";

        public string Does => "Does what a test says.";

        public TimeSpan Every => TimeSpan.FromHours(1);

        public Task<string> RunAsync(JobContext context, CancellationToken cancellationToken) => work(context, cancellationToken);
    }
}
