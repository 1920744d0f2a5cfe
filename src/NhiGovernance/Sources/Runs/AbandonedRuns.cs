using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Sources.Runs;

/// <summary>Ends runs whose worker is gone. The batches that they committed stay, so the log has an entry for each of them too.</summary>
internal sealed class AbandonedRuns(IAuditTrail trail)
{
    /// <summary>Returns the records to append as the transaction's last statement.</summary>
    /// <param name="running">Runs that are running.</param>
    public async Task<IReadOnlyList<AuditRecord>> EndAsync(
        GovernanceDb db, IQueryable<PollRun> running, string why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var records = new List<AuditRecord>();
        foreach (var run in await running.AsNoTracking().ToListAsync(cancellationToken))
        {
            var ended = await db.Set<PollRun>().Where(r => r.Id == run.Id && r.State == PollState.Running).ExecuteUpdateAsync(
                r => r.SetProperty(x => x.State, PollState.Abandoned).SetProperty(x => x.EndedAt, now)
                    .SetProperty(x => x.Error, why).SetProperty(x => x.Progress, (string?)null),
                cancellationToken);
            if (ended == 1)
            {
                records.Add(new AuditRecord(
                    "source.poll", "source", run.SourceId.ToString(), null,
                    new { RunId = run.Id, run.Number, run.Fence, State = nameof(PollState.Abandoned), run.Seen, run.Added, run.Changed },
                    string.Create(CultureInfo.InvariantCulture, $"run {run.Number} Abandoned; {run.Seen} things seen by its last word, what was written of them stays")));
            }
        }

        return records;
    }

    public Task AppendAsync(GovernanceDb db, IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken) =>
        records.Count == 0 ? Task.CompletedTask : trail.AppendAsync(db, Actor.System("poll"), $"source:{records[0].TargetId}", records, cancellationToken);
}
