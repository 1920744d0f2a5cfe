using Microsoft.EntityFrameworkCore;
using NhiGovernance.Data;
using NhiGovernance.Sources;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Jobs.Keeping;

/// <summary>Mirrors and caches of sources that are gone. Each worker has its own folder; whichever runs this cleans its own.</summary>
internal sealed class RemoveSourceFolders(IDbContextFactory<GovernanceDb> contexts, PollOptions options) : IScheduledJob
{
    public string Key => "remove-source-folders";

    public string Title => "Folders of removed sources";

    public string Does => "Deletes what removed sources kept below the data folder.";

    public TimeSpan Every => TimeSpan.FromHours(24);

    public async Task<string> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (options.DataFolder is not { } data || !Directory.Exists(Path.Combine(data, "sources")))
        {
            return "There is no data folder.";
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var removed = await db.Set<Source>().AsNoTracking().Where(s => s.RemovedAt != null).Select(s => s.Id).ToListAsync(cancellationToken);
        var gone = 0;
        foreach (var id in removed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var folder = Path.Combine(data, "sources", id.ToString());
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
                gone++;
            }
        }

        return $"{gone} folders deleted.";
    }
}
