using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Inventory.Lists;

/// <summary>Which list shows a thing, of which source, and the runs that saw it.</summary>
internal sealed record Provenance(ScopeDetail? Scope, SourceDetail Source, IReadOnlyList<RunRef> Runs, RunRef? FirstRun, RunRef? ChangedRun);

internal static class ProvenanceReader
{
    private const int LastRuns = 5;

    public static async Task<Provenance> ReadAsync(GovernanceDb db, IObserved row, Guid firstRun, CancellationToken cancellationToken)
    {
        var (scopeId, sourceId, changedRun) = (row.ScopeId, row.SourceId, row.ChangedRunId);
        var scope = await db.Set<SourceScope>().AsNoTracking().Where(s => s.Id == scopeId)
            .Select(s => new ScopeDetail(s.Kind, s.Place, s.LastOutcome, s.LastReadAt, s.LastCompleteAt, s.Permission, s.Error))
            .SingleOrDefaultAsync(cancellationToken);
        var source = await db.Set<Source>().AsNoTracking().Where(s => s.Id == sourceId)
            .Select(s => new SourceDetail(s.Id, s.Name, s.ConnectorKey, s.IsEnabled, s.LastState, s.LastRunAt, s.LastCompleteAt))
            .SingleAsync(cancellationToken);
        var runs = await Runs(db.Set<PollRun>().Where(r => r.SourceId == sourceId).OrderByDescending(r => r.Number).Take(LastRuns)).ToListAsync(cancellationToken);
        var named = await Runs(db.Set<PollRun>().Where(r => r.Id == firstRun || r.Id == changedRun)).ToDictionaryAsync(r => r.Id, cancellationToken);
        return new Provenance(scope, source, runs, named.GetValueOrDefault(firstRun), named.GetValueOrDefault(changedRun));
    }

    private static IQueryable<RunRef> Runs(IQueryable<PollRun> runs) =>
        runs.AsNoTracking().Select(r => new RunRef(r.Id, r.Number, r.State, r.StartedAt, r.EndedAt));
}
