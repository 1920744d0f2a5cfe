using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NhiGovernance.Jobs;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Connectors.Own;
using NhiGovernance.Sources.Runs;
using NhiGovernance.Tests.Access;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Jobs;

public sealed class WorkerLoopTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Poll_WhileAJobThatAPersonAskedForGoesOn_DoesNotWaitForIt()
    {
        var (began, go) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        await using var app = await TestApplication.StartAsync(
            database, builder => builder.Services.Replace(ServiceDescriptor.Singleton(new JobCatalogue([new LongJob(began, go.Task)]))), roles: "web,worker");
        Guid source = default;
        await UntilAsync(async db => (source = await db.Set<Source>().Where(s => s.ConnectorKey == OwnConnector.Key && s.LastState == PollState.Complete)
            .Select(s => s.Id).SingleOrDefaultAsync(Cancel)) != default);
        await app.RunAsync<RunJobNow, NhiGovernance.Common.Done>(c => c.RunAsync(new RunJobNowRequest("long"), Cancel));
        await began.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        var run = await app.RunAsync<PollNow, PollQueued>(c => c.RunAsync(new PollNowRequest(source), Cancel));
        await UntilAsync(db => db.Set<PollRun>().AnyAsync(r => r.Id == run.RunId && r.State == PollState.Complete, Cancel));

        await using (var db = await database.Contexts.CreateDbContextAsync(Cancel))
        {
            (await db.Set<JobRun>().SingleAsync(r => r.JobKey == "long", Cancel)).Outcome.ShouldBe(JobOutcome.Running);
        }

        go.SetResult();
        await UntilAsync(db => db.Set<JobRun>().AnyAsync(r => r.JobKey == "long" && r.Outcome == JobOutcome.Done, Cancel));
    }

    private async Task UntilAsync(Func<NhiGovernance.Data.GovernanceDb, Task<bool>> look)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(40));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(limit.Token))
        {
            await using var db = await database.Contexts.CreateDbContextAsync(limit.Token);
            if (await look(db))
            {
                return;
            }
        }
    }

    private sealed class LongJob(TaskCompletionSource began, Task go) : IScheduledJob
    {
        public string Key => "long";

        public string Title => "Long";

        public string Does => "Takes as long as a test says.";

        public TimeSpan Every => TimeSpan.FromDays(1);

        public async Task<string> RunAsync(JobContext context, CancellationToken cancellationToken)
        {
            began.TrySetResult();
            await go.WaitAsync(cancellationToken);
            return "Done.";
        }
    }
}
