using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Runs;

public sealed record GetFreshnessRequest;

/// <param name="Fresh">How many of them were read within twice their interval and five minutes.</param>
/// <param name="Total">Sources that are switched on.</param>
/// <param name="OldestReadAt">The oldest of their last reads without a failure; null while none was read so.</param>
/// <param name="Late">Those that are not fresh, at most 20, oldest first.</param>
public sealed record FreshnessSummary(int Fresh, int Total, DateTimeOffset? OldestReadAt, IReadOnlyList<LateSource> Late);

/// <param name="Id">Id of the source.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Freshness">Stale or Never; those that are fresh or switched off are not listed.</param>
/// <param name="LastReadAt">When it was last read with no list failed.</param>
/// <param name="InPartAt">When its last run read only a part; null when it did not.</param>
/// <param name="Gaps">How many of its lists were denied or failed when they were last read.</param>
public sealed record LateSource(Guid Id, string Name, Freshness Freshness, DateTimeOffset? LastReadAt, DateTimeOffset? InPartAt, int Gaps);

/// <summary>"5 of 6 sources fresh", for the top bar of every page and everybody: names and ages, no settings.</summary>
public sealed class GetFreshness(QueryDoor door) : Query<GetFreshnessRequest, FreshnessSummary>(door)
{
    public override Permission Permission => Permission.ReadFreshness;

    protected override async Task<Result<FreshnessSummary>> ReadAsync(
        GetFreshnessRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var scopes = context.Db.Set<SourceScope>().Where(SourceScope.IsAskedFor);
        var sources = await context.Db.Set<Source>().Where(s => s.RemovedAt == null && s.IsEnabled)
            .Select(s => new
            {
                s.Id, s.Name, s.LastReadAt, s.IntervalMinutes, InPartAt = s.LastState == PollState.Partial ? s.LastRunAt : null,
                Gaps = scopes.Count(c =>
                    c.SourceId == s.Id && (c.LastOutcome == ScopeOutcome.Denied || c.LastOutcome == ScopeOutcome.Failed)),
            }).ToListAsync(cancellationToken);
        var judged = sources.Select(s => new LateSource(
            s.Id, s.Name, SourceFreshness.Of(true, s.LastReadAt, s.IntervalMinutes, context.Now), s.LastReadAt, s.InPartAt, s.Gaps)).ToList();
        return new FreshnessSummary(
            judged.Count(s => s.Freshness == Freshness.Fresh), judged.Count, judged.Min(s => s.LastReadAt),
            [.. judged.Where(s => s.Freshness != Freshness.Fresh).OrderBy(s => s.LastReadAt ?? DateTimeOffset.MinValue).Take(20)]);
    }
}
