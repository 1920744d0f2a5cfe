using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.People;

/// <summary>Ends the access of people of whom a source says, in the middle of a run, that they have left: as when an Admin says so.</summary>
public sealed class EndLeavers(IEnumerable<IPersonAccounts> accounts, IAuditTrail trail, IDialect dialect, TimeProvider clock)
{
    /// <summary>
    /// In the current transaction. A refusal (the last Admin) leaves sessions; the doors are shut all the same. Returns the audit
    /// records, for whoever ends the transaction to append last: the log's lock is held until the commit.
    /// </summary>
    public async Task<IReadOnlyList<AuditRecord>> RunAsync(GovernanceDb db, IReadOnlyCollection<Guid> people, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (tracking, before) = (db.ChangeTracker.QueryTrackingBehavior, db.ChangeTracker.Entries().Select(e => e.Entity).ToHashSet());
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.TrackAll;
        try
        {
            var context = new CommandContext(db, Actor.System("poll"), now, clock);
            foreach (var person in people.Order())
            {
                foreach (var slice in accounts)
                {
                    await slice.EndAsync(context, person, cancellationToken);
                }

                context.Audit("person.status", "person", person, null, new { Status = "Left" }, "a source says so");
            }

            await db.SaveChangesAsync(cancellationToken);
            foreach (var signal in context.Signals)
            {
                await dialect.SignalAsync(db, signal, cancellationToken);
            }

            return context.Records;
        }
        finally
        {
            foreach (var entry in db.ChangeTracker.Entries().Where(e => !before.Contains(e.Entity)).ToList())
            {
                entry.State = EntityState.Detached;
            }

            db.ChangeTracker.QueryTrackingBehavior = tracking;
        }
    }

    /// <summary>As the last statement of a run's transaction.</summary>
    public Task AppendAsync(GovernanceDb db, Guid runId, IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken) =>
        records.Count == 0 ? Task.CompletedTask : trail.AppendAsync(db, Actor.System("poll"), $"run:{runId}", records, cancellationToken);
}
