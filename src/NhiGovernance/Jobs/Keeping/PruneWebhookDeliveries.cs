using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources;

namespace NhiGovernance.Jobs.Keeping;

/// <summary>A delivery is remembered so that a repeat has no effect; senders repeat for some days at most.</summary>
internal sealed class PruneWebhookDeliveries(IDbContextFactory<GovernanceDb> contexts) : IScheduledJob
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public string Key => "prune-webhook-deliveries";

    public string Title => "Old webhook deliveries";

    public string Does => "Forgets the ids of webhook deliveries that are older than seven days.";

    public TimeSpan Every => TimeSpan.FromHours(6);

    public async Task<string> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var before = context.Now - Kept;
        var gone = await db.Set<WebhookDelivery>().Where(d => d.ReceivedAt < before).ExecuteDeleteAsync(cancellationToken);
        return $"{gone} deliveries forgotten.";
    }
}
