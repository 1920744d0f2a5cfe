using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Sources.Runs;

/// <summary>Ends a run: state, counts, the source's own dates, the connector's memory and the audit entry in one transaction.</summary>
internal sealed class RunEnd(IDbContextFactory<GovernanceDb> contexts, IDialect dialect, IAuditTrail trail, PollQueue queue)
{
    /// <exception cref="LeaseLostException">Nothing was saved.</exception>
    public async Task<PollState> SaveAsync(LeaseGrant lease, Reading reading, RunMemory memory, RunNotes notes, CancellationToken cancellationToken)
    {
        var (summary, isPart) = (reading.Summary, lease.Only.Count > 0);
        var state = RunOutcome.Of(reading.End, summary, isPart);
        var error = reading.Error ?? RunOutcome.Reason(reading.End, state, summary);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = await dialect.NowAsync(db, cancellationToken);

        // A run that read some lists only says nothing of the source: not that it was read, and not that it was not.
        var (read, complete) = isPart ? (false, false) : (RunOutcome.CountsAsRead(reading.End, state, summary), state is PollState.Complete or PollState.Held && summary is { ScopesDenied: 0, ScopesFailed: 0 });
        var held = await SourceLease.Held(db, lease).ExecuteUpdateAsync(
            s => s.SetProperty(x => x.LeaseHolder, (string?)null)
                .SetProperty(x => x.LeaseUntil, (DateTimeOffset?)null)
                .SetProperty(x => x.LastRunAt, x => isPart ? x.LastRunAt : now)
                .SetProperty(x => x.LastRunId, x => isPart ? x.LastRunId : lease.RunId)
                .SetProperty(x => x.LastState, x => isPart ? x.LastState : state)
                .SetProperty(x => x.LastReadAt, x => read ? now : x.LastReadAt)
                .SetProperty(x => x.LastCompleteAt, x => complete ? now : x.LastCompleteAt),
            cancellationToken);
        if (held == 0)
        {
            throw new LeaseLostException();
        }

        await AskAgainAsync(db, lease, reading, state, notes, cancellationToken);
        await Running(db, lease).ExecuteUpdateAsync(
            r => r.SetProperty(x => x.State, state)
                .SetProperty(x => x.EndedAt, now)
                .SetProperty(x => x.Progress, (string?)null)
                .SetProperty(x => x.ScopesStarted, summary.ScopesStarted)
                .SetProperty(x => x.ScopesComplete, summary.ScopesComplete)
                .SetProperty(x => x.ScopesDenied, summary.ScopesDenied)
                .SetProperty(x => x.ScopesFailed, summary.ScopesFailed)
                .SetProperty(x => x.Seen, summary.Seen)
                .SetProperty(x => x.Added, summary.Added)
                .SetProperty(x => x.Changed, summary.Changed)
                .SetProperty(x => x.WentMissing, summary.WentMissing)
                .SetProperty(x => x.HeldBack, summary.HeldBack)
                .SetProperty(x => x.Error, error)
                .SetProperty(x => x.Notes, notes.Text)
                .SetProperty(x => x.Problems, reading.ProblemsJson),
            cancellationToken);

        // What a run did not finish, it must read in full next time: nothing is kept of it, and what was kept before is older than
        // the rows that it wrote.
        if (state is PollState.Complete or PollState.Partial && !summary.IsInconclusive)
        {
            await memory.SaveAsync(db, dialect, reading.End == ReadingEnd.ReadToEnd, cancellationToken);
        }
        else if (state == PollState.Held)
        {
            await memory.SaveBesidesAsync(db, dialect, summary.Held, cancellationToken);
        }
        else if (reading.End != ReadingEnd.NotStored && summary is { Seen: 0, ScopesComplete: 0 })
        {
            await memory.LeaveAsync(db, cancellationToken);
        }

        await dialect.SignalAsync(db, new ChangeSignal(SourceTopics.Run, lease.RunId), cancellationToken);
        await dialect.SignalAsync(db, new ChangeSignal(SourceTopics.Source, lease.SourceId), cancellationToken);
        await trail.AppendAsync(
            db, Actor.System("poll"), $"run:{lease.RunId}",
            [new AuditRecord("source.poll", "source", lease.SourceId.ToString(), null, new { lease.RunId, lease.Number, lease.Fence, State = state.ToString(), summary }, $"run {lease.Number} {state}")],
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return state;
    }

    /// <summary>The lease is another's: only says so on the run, if nobody did.</summary>
    public async Task AbandonAsync(LeaseGrant lease, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = await dialect.NowAsync(db, cancellationToken);
        var abandoned = new AbandonedRuns(trail);
        var records = await abandoned.EndAsync(db, Running(db, lease), "It lost its lease; another worker reads this source.", now, cancellationToken);
        await abandoned.AppendAsync(db, records, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    // Holds the source's row already. What nobody looks at any more is not asked for; switched on again, it is read in full.
    private async Task AskAgainAsync(GovernanceDb db, LeaseGrant lease, Reading reading, PollState state, RunNotes notes, CancellationToken cancellationToken)
    {
        var isPart = lease.Only.Count > 0;
        if (reading.End == ReadingEnd.Stopped)
        {
            if (!isPart || reading.Unread.Count > 0)
            {
                var tries = await Running(db, lease).Select(r => r.WebhookTries).SingleOrDefaultAsync(cancellationToken);
                await queue.AddAsync(db, lease.SourceId, PollTrigger.Takeover, TimeSpan.Zero, cancellationToken, isPart ? reading.Unread : null, tries);
            }
        }
        else if (reading.End == ReadingEnd.Cancelled)
        {
            if (reading.Left.Count > 0)
            {
                notes.Add(AskAgain.LeftByPerson(reading.Left));
            }
        }
        else if (!await db.Set<Source>().AnyAsync(s => s.Id == lease.SourceId && s.IsEnabled && s.RemovedAt == null, cancellationToken))
        {
            return;
        }
        else if (!isPart)
        {
            // Denied to the last list, it would be so again.
            if (state == PollState.Failed && (reading.End != ReadingEnd.ReadToEnd || reading.Summary.ScopesFailed > 0))
            {
                await AskForWholeAgainAsync(db, lease, notes, cancellationToken);
            }
        }
        else if (reading.Unread.Count > 0)
        {
            var again = AskAgain.Of(reading.Unread, await dialect.NowAsync(db, cancellationToken));
            foreach (var said in again.Says)
            {
                notes.Add(said);
            }

            if (again.Only.Count > 0)
            {
                await queue.AddAsync(db, lease.SourceId, PollTrigger.Webhook, again.Wait, cancellationToken, again.Only);
            }
        }
    }

    // A delivery that asks for everything is told that it is read soon; what the schedule asks for, it asks for again itself.
    private async Task AskForWholeAgainAsync(GovernanceDb db, LeaseGrant lease, RunNotes notes, CancellationToken cancellationToken)
    {
        if (await Running(db, lease).Select(r => r.WebhookTries).SingleOrDefaultAsync(cancellationToken) is not { } before)
        {
            return;
        }

        var tries = before + 1;
        if (AskAgain.WaitOfWhole(tries) is not { } wait)
        {
            notes.Add($"Tried {AskAgain.Most} times, and left to the schedule.");
            return;
        }

        notes.Add($"Tried again in {wait.TotalMinutes:0} min.");
        await queue.AddAsync(db, lease.SourceId, PollTrigger.Webhook, wait, cancellationToken, tries: tries);
    }

    private static IQueryable<PollRun> Running(GovernanceDb db, LeaseGrant lease) =>
        db.Set<PollRun>().Where(r => r.Id == lease.RunId && r.Fence == lease.Fence && r.State == PollState.Running);
}
