using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Manage;

namespace NhiGovernance.Sources.Runs;

public sealed record PollNowRequest(Guid SourceId);

/// <param name="RunId">The run to look at.</param>
/// <param name="IsNew">False when one was waiting or running already; then it is that one.</param>
public sealed record PollQueued(Guid RunId, bool IsNew);

/// <summary>Asks for a run now; any worker takes it within a second or so.</summary>
public sealed class PollNow(CommandDoor door, PollQueue queue) : Command<PollNowRequest, PollQueued>(door)
{
    public override Permission Permission => Permission.ManageSources;

    protected override async Task<Result<PollQueued>> ApplyAsync(PollNowRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (await SourceRules.FindAsync(context.Db, request.SourceId, cancellationToken) is not { } source)
        {
            return new Error.NotFound("This source");
        }

        var running = await context.Db.Set<PollRun>().Where(r => r.SourceId == source.Id && r.State == PollState.Running && r.Targets == null)
            .Select(r => (Guid?)r.Id).FirstOrDefaultAsync(cancellationToken);
        var run = running is { } id ? new QueuedRun(id, false) : await queue.AddAsync(context.Db, source.Id, PollTrigger.Person, TimeSpan.Zero, cancellationToken);
        context.Audit("source.poll-now", "source", source.Id, null, new { run.RunId }, run.IsNew ? "run queued" : "joined a run");
        context.Signal(SourceTopics.Run, run.RunId);
        return new PollQueued(run.RunId, run.IsNew);
    }
}

public sealed record CancelRunRequest(Guid RunId);

/// <summary>Ends a waiting run at once; asks a running one to stop at its next batch.</summary>
public sealed class CancelRun(CommandDoor door) : Command<CancelRunRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageSources;

    protected override async Task<Result<Done>> ApplyAsync(CancelRunRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var runs = context.Db.Set<PollRun>().Where(r => r.Id == request.RunId);
        var run = await runs.Select(r => new { r.SourceId, r.Number, r.Targets }).SingleOrDefaultAsync(cancellationToken);
        if (run is null)
        {
            return new Error.NotFound("This run");
        }

        var left = ReadTarget.Read(run.Targets) is { } only ? AskAgain.LeftByPerson(only) : null;
        var waiting = await runs.Where(r => r.State == PollState.Queued).ExecuteUpdateAsync(
            r => r.SetProperty(x => x.State, PollState.Cancelled).SetProperty(x => x.EndedAt, context.Now)
                .SetProperty(x => x.CancelRequested, true).SetProperty(x => x.Error, "A person cancelled it.")
                .SetProperty(x => x.Notes, left),
            cancellationToken);
        if (waiting == 0 && await runs.Where(r => r.State == PollState.Running)
                .ExecuteUpdateAsync(r => r.SetProperty(x => x.CancelRequested, true), cancellationToken) == 0)
        {
            return new Error.Conflict("This run has ended already.");
        }

        context.Audit("source.run-cancel", "source", run.SourceId, null, new { request.RunId }, $"run {run.Number}");
        context.Signal(SourceTopics.Run, request.RunId);
        return Done.Value;
    }
}
