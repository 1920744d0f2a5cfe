using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.People;

/// <summary>Ends the access of people of whom a source says, in the middle of a run, that they have left: as when an Admin says so.</summary>
public sealed class EndLeavers(IEnumerable<IPersonAccounts> accounts, IAuditTrail trail, IDialect dialect, TimeProvider clock)
{
    /// <summary>In the current transaction, with its audit records. A refusal (the last Admin) leaves sessions; the doors are shut all the same.</summary>
    public async Task RunAsync(GovernanceDb db, IReadOnlyCollection<Guid> people, Guid runId, DateTimeOffset now, CancellationToken cancellationToken)
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

            await trail.AppendAsync(db, context.Actor, $"run:{runId}", context.Records, cancellationToken);
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
}
