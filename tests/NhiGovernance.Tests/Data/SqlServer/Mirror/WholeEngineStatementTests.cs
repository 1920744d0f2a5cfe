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

    /// <summary>
    /// Methods whose own statements are not sent here, each for a reason: what happens only at certain moments of the clock, or of a
    /// request over HTTP; and what needs a key that was lost, a document or a link that a sample does not make. UseCaseStatementTests
    /// sends those that belong to use cases; PostgreSQL runs all of them in tests of their own.
    /// </summary>
    private static readonly HashSet<string> NotSeen = new(StringComparer.Ordinal)
    {
        // Only of a request with an Idempotency-Key.
        "Common.Idempotency.CurrentIdempotency.MarkAsync",

        // Only when a beat comes: after a third of a lease, or while a job runs for long.
        "Sources.Runs.SourceLease.RenewAsync", "Jobs.JobPulse.LookAsync",

        // Only of use cases, in a case that no sample makes; the first of each are parsed with the use case.
        "Access.AccountStore.FindByIdAsync", "Access.Admins.IsLastAsync", "Access.ApiTokenCredentials.ListAsync", "Access.CreateAdminLink.ApplyAsync",
        "Access.PeekSignInLink.ReadAsync", "Access.UseSignInLink.ResetAsync", "Access.Views.ViewRules.RefusesTeamAsync",
        "Catalogue.Mapping.MappingDraft.OfEnvironmentAsync", "Catalogue.Mapping.RuleSets.AreAsync",
        "Inventory.Lists.PlaceReader.ReadAsync",
        "Inventory.InventorySummary.CellsAsync", "Inventory.Resources.ResourceLinks.AppsAsync",
        "Inventory.Resources.ResourceRowReader.BesideAsync",

        // Lost keys, kept documents, folders and the product's own credentials.
        "Access.DataProtectionKey.ReplaceAsync", "Common.Sealing.SealedKey.DropAsync", "Sources.Manage.SealedSourceSecrets.DropAsync",
        "Sources.Connectors.Own.EncryptionKeys.ListAsync", "Sources.Connectors.Own.SourceCredentials.ListAsync", "Sources.Documents.ChunkStream.LoadAsync",
        "Sources.Documents.DocumentStore.ForgetAsync", "Sources.Documents.StoredDocuments.ListAsync", "Jobs.Keeping.RemoveSourceFolders.RunAsync",
    };

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
        await using var engine = database.CreateEngine(
            services =>
            {
                foreach (var slice in SampleSet.Slices)
                {
                    slice.AddServices(services);
                }

                mirror.Use(services);
            },
            new Dictionary<string, string?> { ["Keys:Folder"] = SourceWorld.KeysOf(database), ["Access:PasswordIterations"] = "1000" });
        await new OtherCallers(database, engine).RunAsync();
        await RunUseCasesAsync(engine);
        await RunJobsAsync(engine);

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
        could.Where(m => !seen.Contains(m) && !NotSeen.Contains(m)).ShouldBeEmpty("they send something that this test did not say to SQL Server: give their use case a sample, call them from OtherCallers, or name them in NotSeen with the reason");
        TestContext.Current.TestOutputHelper!.WriteLine($"on the list without need: {string.Join(", ", NotSeen.Where(m => seen.Contains(m) || !could.Contains(m)))}");
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
            (await intake.TakeAsync(source, check, signature, delivery, "deploy_key", "{}"u8.ToArray(), Cancel)).Answer.ShouldBe(answer);
        }
    }

    private static async Task RunJobsAsync(TestEngine engine)
    {
        var runner = engine.Get<JobRunner>();
        await runner.EnsureRowsAsync(Cancel);
        var ticks = engine.Get<SourceTick>();
        foreach (var job in await ticks.ListJobsAsync(Cancel))
        {
            await ticks.SayNextAsync(job.Key, null, Cancel);
            (await runner.RunAsync(job.Key, JobTrigger.Schedule, Cancel)).ShouldBe(JobOutcome.Done, job.Key);
        }

        (await engine.Get<RunJobNow>().RunAsync(new RunJobNowRequest("prune-runs"), Cancel)).IsOk.ShouldBeTrue();
        await runner.RunRequestedAsync(Cancel);
    }

    /// <summary>Each once, so that what only use cases call is seen as well.</summary>
    private async Task RunUseCasesAsync(TestEngine engine)
    {
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var samples = new SampleContext(engine, db);
        foreach (var useCase in UseCases.All)
        {
            await using var scope = engine.Get<IServiceScopeFactory>().CreateAsyncScope();
            var instance = (IUseCase)scope.ServiceProvider.GetRequiredService(useCase);
            engine.Actor.BeSystem("test");
            if (instance.Permission.Roles != Role.None)
            {
                engine.Actor.Be(Role.Anyone);
            }

            if (SampleSet.All.Find(useCase) is { } sample)
            {
                (await UseCases.DrainAsync(instance, await sample(samples))).ShouldBeNull(useCase.Name);
            }
            else if (!UseCases.IsCommand(useCase))
            {
                // A request made by reflection may be one that nobody can send; what it asked until then counts.
                foreach (var full in (bool[])[true, false])
                {
                    await Record.ExceptionAsync(() => UseCases.DrainAsync(instance, MadeUpRequest.Of(UseCases.RequestOf(useCase), full)));
                }
            }
        }

        engine.Actor.BeSystem("test");
    }
}
