using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;

namespace NhiGovernance.Jobs.Keeping;

/// <summary>Where signals are rows (SQL Server), every process has read them within seconds; nobody reads them again.</summary>
internal sealed class PruneChangeSignals(IDbContextFactory<GovernanceDb> contexts, IDialect dialect) : IScheduledJob
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    public string Key => "prune-change-signals";

    public string Title => "Old change signals";

    public string Does => "Removes change signals that are older than an hour, where the database keeps them as rows.";

    public TimeSpan Every => TimeSpan.FromHours(1);

    public async Task<string> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return $"{await dialect.PruneSignalsAsync(db, context.Now - Kept, cancellationToken)} signals removed.";
    }
}
