using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Runs;

/// <param name="IsNew">False when a run was queued already, and this request joins it.</param>
public sealed record QueuedRun(Guid RunId, bool IsNew);

/// <summary>
/// Runs wait as rows: whoever asks (schedule, person, webhook) queues, any worker takes. At most one run of a source waits, so
/// a burst of requests has one effect.
/// </summary>
/// <remarks>
/// The source's row is the one lock of all that concerns its runs: queueing, leases, batches, ends, take-overs. Whoever holds it
/// may wait for nothing that another takes before it; so it is taken first, and a run that is queued here begins only after the
/// commit of whoever queued it, and sees what that wrote.
/// </remarks>
public sealed class PollQueue(IDialect dialect, TimeProvider clock)
{
    /// <summary>Works in the caller's transaction; the caller signals <see cref="SourceTopics.Run"/> with the id.</summary>
    /// <param name="delay">How long to gather further requests before it starts.</param>
    /// <param name="only">What to read; null: everything. A run that waits already then reads what all its requests ask for.</param>
    /// <param name="tries">How often a delivery's request for everything failed before this one; null: there was none, or it is new.</param>
    public async Task<QueuedRun> AddAsync(
        GovernanceDb db, Guid sourceId, PollTrigger trigger, TimeSpan delay, CancellationToken cancellationToken, IReadOnlyList<ReadTarget>? only = null,
        int? tries = null)
    {
        await SourceHold.TakeAsync(db, sourceId, cancellationToken);
        var now = await dialect.NowAsync(db, cancellationToken);
        var notBefore = now + delay;
        var isPart = only is not null && only.Count <= ReadTarget.Most;
        tries ??= trigger == PollTrigger.Webhook && !isPart ? 0 : null;
        var waiting = await db.Set<PollRun>().Where(r => r.SourceId == sourceId && r.State == PollState.Queued)
            .Select(r => new { r.Id, r.NotBefore, r.Targets, r.WebhookTries }).SingleOrDefaultAsync(cancellationToken);
        if (waiting is not null)
        {
            // A run of everything that waits for its next try is not hurried by each small delivery: the host just failed.
            var isHeldOff = waiting is { Targets: null, WebhookTries: > 0 } && trigger == PollTrigger.Webhook && isPart;
            if (waiting.NotBefore > notBefore && !isHeldOff)
            {
                await db.Set<PollRun>().Where(r => r.Id == waiting.Id && r.State == PollState.Queued)
                    .ExecuteUpdateAsync(r => r.SetProperty(x => x.NotBefore, notBefore), cancellationToken);
            }

            var all = ReadTarget.Union(ReadTarget.Read(waiting.Targets), only);
            var targets = all is null ? null : ReadTarget.Write(all);
            if (targets != waiting.Targets)
            {
                await db.Set<PollRun>().Where(r => r.Id == waiting.Id && r.State == PollState.Queued)
                    .ExecuteUpdateAsync(r => r.SetProperty(x => x.Targets, targets), cancellationToken);
            }

            // Who asks anew gives it all its tries again.
            if (tries is { } failed && !(waiting.WebhookTries <= failed))
            {
                await db.Set<PollRun>().Where(r => r.Id == waiting.Id && r.State == PollState.Queued)
                    .ExecuteUpdateAsync(r => r.SetProperty(x => x.WebhookTries, failed), cancellationToken);
            }

            return new QueuedRun(waiting.Id, false);
        }

        await db.Set<Source>().Where(s => s.Id == sourceId)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.LastRunNumber, x => x.LastRunNumber + 1), cancellationToken);
        var number = await db.Set<Source>().Where(s => s.Id == sourceId).Select(s => s.LastRunNumber).SingleAsync(cancellationToken);
        var run = new PollRun
        {
            Id = Ids.New(clock),
            Number = number,
            SourceId = sourceId,
            Fence = 0,
            Trigger = trigger,
            State = PollState.Queued,
            QueuedAt = now,
            StartedAt = now,
            NotBefore = notBefore,
            Targets = isPart ? ReadTarget.Write(only!) : null,
            WebhookTries = tries,
        };
        db.Add(run);
        await db.SaveChangesAsync(cancellationToken);
        return new QueuedRun(run.Id, true);
    }
}
