using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Jobs;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Webhooks;
using NhiGovernance.Tests.Fixtures;
using NhiGovernance.Tests.Samples;
using NhiGovernance.Tests.Sources;

namespace NhiGovernance.Tests.Data.SqlServer.Mirror;

/// <summary>
/// What no use case is: polls, leases, reconcile, jobs, ticks and webhooks. They run to their end on PostgreSQL, and the mirror says
/// each of their statements to SQL Server's provider too. What the engine's code could send and this never saw is named below.
/// </summary>
public sealed class WholeEngineStatementTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    /// <summary>Methods that send something and were not seen to, each with the reason.</summary>
    private static readonly Dictionary<string, string> NotSeen = [];

    [Fact]
    public async Task Statements_OfPollsJobsTicksAndWebhooks_ParseAsTransactSql()
    {
        var mirror = new SqlServerMirror();
        await using var world = new SourceWorld(database, mirror.Use);
        var polls = new ScriptedPolls(world);
        await polls.RunAsync();
        await TickAsync(world);
        await TakeWebhookAsync(world);
        await polls.EndAsync();
        await RunUseCasesAsync(world);
        await RunJobsAsync(world);

        mirror.Untold.ShouldBeEmpty();
        mirror.Statements.Count.ShouldBeGreaterThan(200);
        foreach (var statement in mirror.Statements)
        {
            TransactSql.ShouldParse(statement);
        }

        var could = Senders.OfEngine();
        var seen = mirror.SentBy;
        TestContext.Current.TestOutputHelper!.WriteLine($"{mirror.Statements.Count} statements of {seen.Count} methods; {could.Count} could send.");
        could.Count(seen.Contains).ShouldBeGreaterThan(150);
        could.Where(m => !seen.Contains(m)).ShouldBe(NotSeen.Keys.Order(StringComparer.Ordinal));
    }

    private static async Task TickAsync(SourceWorld world)
    {
        var ticks = world.Engine.Get<SourceTick>();
        var source = await world.AddAsync();
        (await ticks.ListAsync(Cancel)).ShouldContain(s => s.Id == source);
        await ticks.SayNextAsync(source, null, Cancel);
        (await ticks.TickAsync(source, null, Cancel)).ShouldBeTrue();
    }

    private static async Task TakeWebhookAsync(SourceWorld world)
    {
        const string Secret = "It's a Secret to Everybody";
        var source = await world.AddAsync();
        (await world.Engine.Get<SetSourceSecret>().RunAsync(new SetSourceSecretRequest(source, WebhookIntake.SecretKey, Secret), Cancel)).IsOk.ShouldBeTrue();
        await world.InAsync(db => db.Set<Source>().Where(s => s.Id == source)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.ConnectorKey, WebhookIntake.Connector), Cancel));
        var intake = world.Engine.Get<WebhookIntake>();
        var signature = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), "{}"u8));
        foreach (var (delivery, answer) in ((string, WebhookAnswer)[])[("one", WebhookAnswer.Taken), ("one", WebhookAnswer.Noted), ("two", WebhookAnswer.Taken)])
        {
            using var check = await intake.BeginAsync(source, Cancel);
            check.Append("{}"u8);
            (await intake.TakeAsync(source, check, signature, delivery, "push", Cancel)).ShouldBe(answer);
        }
    }

    private static async Task RunJobsAsync(SourceWorld world)
    {
        var runner = world.Engine.Get<JobRunner>();
        await runner.EnsureRowsAsync(Cancel);
        var ticks = world.Engine.Get<SourceTick>();
        foreach (var job in await ticks.ListJobsAsync(Cancel))
        {
            await ticks.SayNextAsync(job.Key, null, Cancel);
            (await runner.RunAsync(job.Key, JobTrigger.Schedule, Cancel)).ShouldBe(JobOutcome.Done, job.Key);
        }

        (await world.Engine.Get<RunJobNow>().RunAsync(new RunJobNowRequest("prune-runs"), Cancel)).IsOk.ShouldBeTrue();
        await runner.RunRequestedAsync(Cancel);
    }

    /// <summary>Each once, so that what only use cases call is seen as well.</summary>
    private async Task RunUseCasesAsync(SourceWorld world)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var samples = new SampleContext(world.Engine, db);
        foreach (var useCase in UseCases.All)
        {
            world.Engine.Actor.BeSystem("test");
            List<object?> requests = SampleSet.All.Find(useCase) is { } sample ? [await sample(samples)] : [];
            if (!UseCases.IsCommand(useCase))
            {
                requests.AddRange([MadeUpRequest.Of(UseCases.RequestOf(useCase), full: true), MadeUpRequest.Of(UseCases.RequestOf(useCase), full: false)]);
            }

            world.Engine.Actor.Be(Role.Anyone);
            foreach (var request in requests)
            {
                await using var scope = world.Engine.Get<IServiceScopeFactory>().CreateAsyncScope();
                await UseCases.DrainAsync(scope.ServiceProvider.GetRequiredService(useCase), request);
            }
        }

        world.Engine.Actor.BeSystem("test");
    }
}
