using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common.Idempotency;
using NhiGovernance.Data;

namespace NhiGovernance.Jobs.Keeping;

/// <summary>A key is good for a day; then its row goes.</summary>
internal sealed class PruneIdempotentRequests(IDbContextFactory<GovernanceDb> contexts) : IScheduledJob
{
    public string Key => "prune-idempotent-requests";

    public string Title => "Old idempotency keys";

    public string Does => "Forgets the answers to requests with an Idempotency-Key after 24 hours.";

    public TimeSpan Every => TimeSpan.FromHours(1);

    public async Task<string> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var before = context.Now - IdempotentRequests.Kept;
        var gone = await db.Set<IdempotentRequest>().Where(r => r.StartedAt < before).ExecuteDeleteAsync(cancellationToken);
        return $"{gone} keys forgotten.";
    }
}
