using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Inventory.Reconcile;
using NhiGovernance.Jobs;
using NhiGovernance.Sources;
using NhiGovernance.Tests.Fixtures;

namespace NhiGovernance.Tests.Jobs;

/// <summary>What goes with old runs, and what must not: through the real job, as the schedule calls it.</summary>
public sealed class PruneRunsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OldRuns_GoesWithoutTheNewestOfASourceAndWithoutWhatStillRuns()
    {
        await using var engine = database.CreateEngine();
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var (busy, quiet) = (Source(db, engine), Source(db, engine));
        PollRun[] gone = [Run(engine, busy, 1, 500, PollState.Complete), Run(engine, busy, 2, 401, PollState.Failed)];
        PollRun[] kept =
        [
            Run(engine, busy, 3, 399, PollState.Complete), Run(engine, busy, 4, 450, PollState.Running),
            Run(engine, quiet, 1, 900, PollState.Complete),
        ];
        (busy.LastRunId, quiet.LastRunId) = (kept[0].Id, kept[2].Id);
        db.AddRange(gone.Concat(kept));
        await db.SaveChangesAsync(Cancel);

        (await PruneAsync(engine)).ShouldStartWith("2 poll runs,");

        var left = await db.Set<PollRun>().AsNoTracking().Where(r => r.SourceId == busy.Id || r.SourceId == quiet.Id).Select(r => r.Id).ToListAsync(Cancel);
        left.ShouldBe(kept.Select(r => r.Id), ignoreOrder: true);
        (await PruneAsync(engine)).ShouldStartWith("0 poll runs, 0 job runs and 0 remnants");
    }

    [Fact]
    public async Task Run_SightingsOfRunsThatEndedOrAreNotThere_GoAndThoseOfARunThatLastsStay()
    {
        await using var engine = database.CreateEngine();
        await using var db = await database.Contexts.CreateDbContextAsync(Cancel);
        var source = Source(db, engine);
        var (killed, lasting) = (Run(engine, source, 1, 1, PollState.Abandoned), Run(engine, source, 2, 0, PollState.Running));
        db.AddRange(killed, lasting);
        foreach (var run in new[] { killed.Id, lasting.Id, engine.NewId() })
        {
            db.Add(new RunSighting { RunId = run, SubjectId = engine.NewId() });
            db.Add(new RunSighting { RunId = run, SubjectId = engine.NewId() });
        }

        await db.SaveChangesAsync(Cancel);

        (await PruneAsync(engine)).ShouldEndWith("and 4 remnants of runs removed.");

        (await db.Set<RunSighting>().AsNoTracking().Select(s => s.RunId).ToListAsync(Cancel)).ShouldBe([lasting.Id, lasting.Id]);
    }

    private static async Task<string> PruneAsync(TestEngine engine)
    {
        var runner = engine.Get<JobRunner>();
        await runner.EnsureRowsAsync(Cancel);
        (await runner.RunAsync("prune-runs", JobTrigger.Schedule, Cancel)).ShouldBe(JobOutcome.Done);
        engine.Actor.Be(NhiGovernance.Common.UseCases.Role.Engineer);
        return (await engine.Get<ListJobs>().RunAsync(new ListJobsRequest(), Cancel)).Value.Items.Single(j => j.Key == "prune-runs").LastMessage!;
    }

    private static Source Source(GovernanceDb db, TestEngine engine)
    {
        var source = new Source
        {
            Id = engine.NewId(), ConnectorKey = "file", Name = $"Source {engine.NewId()}", Settings = "{}", Host = string.Empty, CreatedAt = engine.Clock.GetUtcNow(),
        };
        db.Add(source);
        return source;
    }

    private static PollRun Run(TestEngine engine, Source source, long number, int days, PollState state) => new()
    {
        Id = engine.NewId(), Number = number, SourceId = source.Id, Fence = number, Trigger = PollTrigger.Schedule, State = state,
        StartedAt = TimeProvider.System.GetUtcNow().AddDays(-days),
        EndedAt = state == PollState.Running ? null : TimeProvider.System.GetUtcNow().AddDays(-days),
    };
}
