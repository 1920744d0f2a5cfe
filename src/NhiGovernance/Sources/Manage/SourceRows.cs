using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Manage;

/// <summary>Reads rows for the list and the detail alike: three statements, however many sources.</summary>
internal static class SourceRows
{
    public static async Task<List<SourceRow>> ReadAsync(
        IQueryable<Source> sources, ConnectorCatalogue connectors, QueryContext context, CancellationToken cancellationToken)
    {
        var rows = await sources.ToListAsync(cancellationToken);
        var ids = rows.Select(s => s.Id).ToList();
        var counts = await context.Db.Set<SourceScope>()
            .Where(SourceScope.IsAskedFor).Where(s => ids.Contains(s.SourceId) && s.LastOutcome != null)
            .GroupBy(s => new { s.SourceId, s.LastOutcome, IsClear = s.Permission == null })
            .Select(g => new { g.Key.SourceId, g.Key.LastOutcome, g.Key.IsClear, Count = g.Count() })
            .ToListAsync(cancellationToken);
        var lastRuns = rows.Where(s => s.LastRunId is not null).Select(s => s.LastRunId!.Value).ToList();
        var runs = await context.Db.Set<PollRun>()
            .Where(r => ids.Contains(r.SourceId)
                && (r.State == PollState.Queued || r.State == PollState.Running || r.State == PollState.Held || lastRuns.Contains(r.Id)))
            .Select(r => new { r.Id, r.SourceId, r.Number, r.State, r.StartedAt, r.Progress, r.Seen, r.CancelRequested, r.Error })
            .ToListAsync(cancellationToken);

        return [.. rows.Select(source =>
        {
            var descriptor = connectors.Find(source.ConnectorKey)?.Descriptor;
            int Count(params ScopeOutcome[] outcomes) =>
                counts.Where(c => c.SourceId == source.Id && outcomes.Contains(c.LastOutcome!.Value)).Sum(c => c.Count);
            var current = runs.Where(r => r.SourceId == source.Id && r.State is PollState.Queued or PollState.Running)
                .OrderByDescending(r => r.State == PollState.Running).FirstOrDefault(r => r.SourceId == source.Id);
            return new SourceRow(
                source.Id, source.Name, source.ConnectorKey, descriptor?.Title ?? source.ConnectorKey, descriptor?.Icon ?? "i-plug",
                descriptor?.AddedByPeople == false, source.Host, source.IsEnabled, source.IntervalMinutes,
                SourceFreshness.Of(source.IsEnabled, source.LastReadAt, source.IntervalMinutes, context.Now),
                source.LastReadAt, source.LastCompleteAt, source.LastRunAt, source.LastRunId, source.LastState,
                runs.FirstOrDefault(r => r.Id == source.LastRunId)?.Error, source.IsEnabled ? source.NextRunAt : null,
                new ScopeCounts(
                    Count(ScopeOutcome.Complete, ScopeOutcome.Unchanged), Count(ScopeOutcome.Denied),
                    Count(ScopeOutcome.Failed), counts.Where(c => c.SourceId == source.Id && c is { LastOutcome: ScopeOutcome.NotAvailable, IsClear: true }).Sum(c => c.Count),
                    counts.Where(c => c.SourceId == source.Id && c is { LastOutcome: ScopeOutcome.NotAvailable, IsClear: false }).Sum(c => c.Count)),
                current is null ? null : new CurrentRun(
                    current.Id, current.Number, current.State, current.StartedAt, current.Progress, current.Seen, current.CancelRequested),
                source.Version,
                runs.Where(r => r.SourceId == source.Id && r.State == PollState.Held).MaxBy(r => r.Number)?.Id);
        })];
    }
}
