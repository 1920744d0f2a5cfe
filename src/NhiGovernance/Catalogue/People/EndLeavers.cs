using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Data;

namespace NhiGovernance.Catalogue.People;

/// <summary>Ends the access of people of whom a source says, in the middle of a run, that they have left: as when an Admin says so.</summary>
public sealed class EndLeavers(IEnumerable<IPersonAccounts> accounts, IAuditTrail trail, IDialect dialect, TimeProvider clock)
{
    /// <summary>Of those who leave by a source's word, who must stay. Asked before their status is saved.</summary>
    public async Task<IReadOnlySet<Guid>> MustStayAsync(GovernanceDb db, IReadOnlyCollection<Guid> leaving, CancellationToken cancellationToken)
    {
        var staying = new HashSet<Guid>();
        foreach (var slice in leaving.Count == 0 ? [] : accounts)
        {
            staying.UnionWith(await slice.MustStayAsync(db, leaving, cancellationToken));
        }

        return staying;
    }

    /// <summary>Who stayed so far, and need not any more.</summary>
    public async Task<IReadOnlyCollection<Guid>> MayGoNowAsync(GovernanceDb db, CancellationToken cancellationToken)
    {
        var stayed = new HashSet<Guid>();
        foreach (var slice in accounts)
        {
            stayed.UnionWith(await slice.StayedAsync(db, cancellationToken));
        }

        stayed.ExceptWith(await MustStayAsync(db, stayed, cancellationToken));
        return stayed;
    }

    /// <summary>
    /// In the current transaction. A refusal leaves sessions; the doors are shut all the same. Returns the audit
    /// records, for whoever ends the transaction to append last: the log's lock is held until the commit.
    /// </summary>
    /// <param name="stayed">Those who had to stay: only the record says so.</param>
    public async Task<IReadOnlyList<AuditRecord>> RunAsync(
        GovernanceDb db, IReadOnlyCollection<Guid> people, IReadOnlyCollection<Guid> stayed, DateTimeOffset now, CancellationToken cancellationToken)
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

            foreach (var person in stayed.Order())
            {
                context.Audit(
                    "person.stays", "person", person, null, new { SourcesSay = "Left" },
                    "a source says that they have left; as the last Admin they keep their access until another Admin can sign in");
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
