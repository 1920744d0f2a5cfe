using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Sources.Runs;

/// <param name="Days">How far back, 1 to 90.</param>
public sealed record GetSourceHealthRequest(Guid SourceId, int Days = 7);

/// <param name="Runs">How many runs ended in these days.</param>
/// <param name="Ended">Runs that ended in these days, by state.</param>
/// <param name="ReadShare">Which share of them read something, from 0 to 1; null: none ended.</param>
/// <param name="MedianSeconds">The middle one of <c>durations</c>, in seconds; null: there are none.</param>
/// <param name="LongestSeconds">The longest of <c>durations</c>, in seconds; null: there are none.</param>
/// <param name="Durations">Seconds of the newest runs that read something, oldest first; at most 20: the trend.</param>
public sealed record SourceHealth(
    int Runs, IReadOnlyDictionary<PollState, int> Ended, double? ReadShare, double? MedianSeconds, double? LongestSeconds,
    IReadOnlyList<RunDuration> Durations);

/// <param name="RunId">Id of the run.</param>
/// <param name="Number">Counts the runs of this source from 1.</param>
/// <param name="State">How it ended.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record RunDuration(Guid RunId, long Number, PollState State, DateTimeOffset StartedAt, double Seconds);

/// <summary>How a source has been doing: shares by outcome, and how long runs take.</summary>
public sealed class GetSourceHealth(QueryDoor door) : Query<GetSourceHealthRequest, SourceHealth>(door)
{
    public override Permission Permission => Permission.ReadSources;

    protected override async Task<Result<SourceHealth>> ReadAsync(
        GetSourceHealthRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        if (!await context.Db.Set<Source>().AnyAsync(s => s.Id == request.SourceId && s.RemovedAt == null, cancellationToken))
        {
            return new Error.NotFound("This source");
        }

        var since = context.Now - TimeSpan.FromDays(Math.Clamp(request.Days, 1, 90));
        var ended = await context.Db.Set<PollRun>()
            .Where(r => r.SourceId == request.SourceId && r.EndedAt != null && r.StartedAt >= since)
            .GroupBy(r => r.State).Select(g => new { State = g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.State, g => g.Count, cancellationToken);
        var newest = await context.Db.Set<PollRun>()
            .Where(r => r.SourceId == request.SourceId && r.EndedAt != null && r.Targets == null
                && (r.State == PollState.Complete || r.State == PollState.Partial || r.State == PollState.Held))
            .OrderByDescending(r => r.Number).Take(20)
            .Select(r => new { r.Id, r.Number, r.State, r.StartedAt, r.EndedAt })
            .ToListAsync(cancellationToken);
        var durations = newest.Select(r => new RunDuration(r.Id, r.Number, r.State, r.StartedAt, (r.EndedAt!.Value - r.StartedAt).TotalSeconds))
            .Reverse().ToList();
        var sorted = durations.Select(d => d.Seconds).Order().ToList();
        var total = ended.Values.Sum();
        var read = ended.Where(e => e.Key is PollState.Complete or PollState.Partial or PollState.Held).Sum(e => e.Value);
        return new SourceHealth(
            total, ended, total == 0 ? null : (double)read / total,
            sorted.Count == 0 ? null : sorted[sorted.Count / 2], sorted.Count == 0 ? null : sorted[^1], durations);
    }
}
