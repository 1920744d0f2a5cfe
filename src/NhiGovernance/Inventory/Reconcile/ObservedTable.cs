using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using NhiGovernance.Catalogue;
using NhiGovernance.Data;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Reconcile;

/// <summary>A row that is concerned by a judgement, and whose time-line shows it.</summary>
/// <param name="Stood">As it stood before.</param>
internal sealed record Concerned(Guid Id, Guid? IdentityId, Presence Stood, Guid ScopeId);

/// <summary>The statements on disappearance, the same for every kind of row, set-based.</summary>
internal interface IObservedTable
{
    /// <summary>identity, credential, resource or person.</summary>
    string Kind { get; }

    /// <summary>How many of the source's rows are present, counted no further than to so many: what nobody looks at is no measure of what went.</summary>
    Task<int> PresentAsync(GovernanceDb db, Guid sourceId, int atMost, CancellationToken cancellationToken);

    /// <summary>Present rows of these scopes that the run did not see.</summary>
    Task<List<Concerned>> GoneAsync(GovernanceDb db, Guid sourceId, Guid runId, Guid[] scopes, CancellationToken cancellationToken);

    /// <summary>Those of the ids that are present now.</summary>
    Task<List<Concerned>> PresentOfAsync(GovernanceDb db, Guid[] ids, CancellationToken cancellationToken);

    Task MarkMissingAsync(GovernanceDb db, Guid[] ids, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Counts one more run for what was missing already and is not there again.</summary>
    Task MissAgainAsync(GovernanceDb db, Guid sourceId, Guid runId, Guid[] scopes, CancellationToken cancellationToken);

    /// <summary>Missing rows of these scopes, not seen by the run, that were missed often and long enough.</summary>
    Task<List<Concerned>> DueAsync(GovernanceDb db, Guid sourceId, Guid runId, Guid[] scopes, DateTimeOffset now, CancellationToken cancellationToken);

    Task RetireAsync(GovernanceDb db, Guid[] ids, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Rows of a scope that are not present since the scope was gone, or later.</summary>
    Task<List<Concerned>> GoneWithAsync(GovernanceDb db, Guid sourceId, Guid scopeId, DateTimeOffset since, CancellationToken cancellationToken);

    Task RestoreAsync(GovernanceDb db, Guid[] ids, CancellationToken cancellationToken);

    /// <summary>Rows of these scopes that stand so.</summary>
    Task<List<Concerned>> InAsync(GovernanceDb db, Guid sourceId, Guid[] scopes, Presence presence, CancellationToken cancellationToken);

    Task MoveAsync(GovernanceDb db, Guid[] ids, Presence to, CancellationToken cancellationToken);

    /// <summary>The next rows of a source that are not retired yet.</summary>
    Task<List<Concerned>> NextOfAsync(GovernanceDb db, Guid sourceId, int count, CancellationToken cancellationToken);
}

internal static class ObservedTables
{
    public static readonly IReadOnlyList<IObservedTable> All =
    [
        new ObservedTable<Identity>("identity", i => new Concerned(i.Id, i.Id, i.Presence, i.ScopeId)),
        new ObservedTable<Credential>("credential", c => new Concerned(c.Id, c.IdentityId, c.Presence, c.ScopeId)),
        new ObservedTable<Resource>("resource", r => new Concerned(r.Id, null, r.Presence, r.ScopeId)),
        new ObservedTable<PersonHandle>("person", p => new Concerned(p.Id, null, p.Presence, p.ScopeId)),
    ];

    public static IObservedTable Of(string kind) => All.Single(t => t.Kind == kind);

    private sealed class ObservedTable<T>(string kind, Expression<Func<T, Concerned>> concerned) : IObservedTable
        where T : class, IObserved
    {
        // A list that is asked for again and lacks what it had is a list that lacks it, whatever was in between.
        private static readonly Presence[] There = [Presence.Present, Presence.NotCovered];
        private static readonly Presence[] Gone = [Presence.Missing];

        public string Kind => kind;

        public Task<int> PresentAsync(GovernanceDb db, Guid sourceId, int atMost, CancellationToken cancellationToken) =>
            db.Set<T>().Where(r => r.SourceId == sourceId && r.Presence == Presence.Present).Take(atMost).CountAsync(cancellationToken);

        public Task<List<Concerned>> GoneAsync(GovernanceDb db, Guid sourceId, Guid runId, Guid[] scopes, CancellationToken cancellationToken) =>
            Unseen(db, sourceId, runId, scopes, There).Select(concerned).ToListAsync(cancellationToken);

        public Task<List<Concerned>> PresentOfAsync(GovernanceDb db, Guid[] ids, CancellationToken cancellationToken) =>
            db.Set<T>().AsNoTracking().Where(r => ids.Contains(r.Id) && There.Contains(r.Presence)).Select(concerned).ToListAsync(cancellationToken);

        public Task MarkMissingAsync(GovernanceDb db, Guid[] ids, DateTimeOffset now, CancellationToken cancellationToken) =>
            db.Set<T>().Where(r => ids.Contains(r.Id)).ExecuteUpdateAsync(
                set => set.SetProperty(r => r.Presence, Presence.Missing).SetProperty(r => r.MissingSince, now).SetProperty(r => r.MissedRuns, 1),
                cancellationToken);

        public Task MissAgainAsync(GovernanceDb db, Guid sourceId, Guid runId, Guid[] scopes, CancellationToken cancellationToken) =>
            Unseen(db, sourceId, runId, scopes, Gone)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.MissedRuns, r => r.MissedRuns + 1), cancellationToken);

        public Task<List<Concerned>> DueAsync(
            GovernanceDb db, Guid sourceId, Guid runId, Guid[] scopes, DateTimeOffset now, CancellationToken cancellationToken)
        {
            var before = now - Brake.RetireAfter;
            return Unseen(db, sourceId, runId, scopes, Gone)
                .Where(r => r.MissedRuns >= Brake.RetireRuns && r.MissingSince <= before).Select(concerned).ToListAsync(cancellationToken);
        }

        public Task RetireAsync(GovernanceDb db, Guid[] ids, DateTimeOffset now, CancellationToken cancellationToken) =>
            db.Set<T>().Where(r => ids.Contains(r.Id)).ExecuteUpdateAsync(
                set => set.SetProperty(r => r.Presence, Presence.Retired).SetProperty(r => r.RetiredAt, now), cancellationToken);

        public Task<List<Concerned>> GoneWithAsync(
            GovernanceDb db, Guid sourceId, Guid scopeId, DateTimeOffset since, CancellationToken cancellationToken) =>
            db.Set<T>().AsNoTracking()
                .Where(r => r.SourceId == sourceId && r.ScopeId == scopeId && (r.Presence == Presence.Missing || r.Presence == Presence.Retired) && r.MissingSince >= since)
                .Select(concerned).ToListAsync(cancellationToken);

        public Task RestoreAsync(GovernanceDb db, Guid[] ids, CancellationToken cancellationToken) =>
            db.Set<T>().Where(r => ids.Contains(r.Id)).ExecuteUpdateAsync(
                set => set.SetProperty(r => r.Presence, Presence.Present).SetProperty(r => r.MissingSince, (DateTimeOffset?)null)
                    .SetProperty(r => r.MissedRuns, 0).SetProperty(r => r.RetiredAt, (DateTimeOffset?)null),
                cancellationToken);

        public Task<List<Concerned>> InAsync(GovernanceDb db, Guid sourceId, Guid[] scopes, Presence presence, CancellationToken cancellationToken) =>
            db.Set<T>().AsNoTracking().Where(r => r.SourceId == sourceId && scopes.Contains(r.ScopeId) && r.Presence == presence)
                .Select(concerned).ToListAsync(cancellationToken);

        public Task MoveAsync(GovernanceDb db, Guid[] ids, Presence to, CancellationToken cancellationToken) =>
            db.Set<T>().Where(r => ids.Contains(r.Id)).ExecuteUpdateAsync(set => set.SetProperty(r => r.Presence, to), cancellationToken);

        public Task<List<Concerned>> NextOfAsync(GovernanceDb db, Guid sourceId, int count, CancellationToken cancellationToken) =>
            db.Set<T>().AsNoTracking().Where(r => r.SourceId == sourceId && r.Presence != Presence.Retired)
                .OrderBy(r => r.Id).Take(count).Select(concerned).ToListAsync(cancellationToken);

        private static IQueryable<T> Unseen(GovernanceDb db, Guid sourceId, Guid runId, Guid[] scopes, Presence[] presence)
        {
            var sightings = db.Set<RunSighting>();
            return db.Set<T>().Where(r => r.SourceId == sourceId && presence.Contains(r.Presence) && scopes.Contains(r.ScopeId)
                && r.ChangedRunId != runId && !sightings.Any(s => s.RunId == runId && s.SubjectId == r.Id));
        }
    }
}
