using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;

namespace NhiGovernance.Sources.Manage;

public sealed record RemoveSourceRequest(Guid Id, long Version);

/// <param name="Retired">Things of the inventory that were retired with it; their history stays.</param>
public sealed record SourceRemoved(long Retired);

/// <summary>Removes a source and its credentials. What it saw is retired, not deleted.</summary>
public sealed class RemoveSource(CommandDoor door, ConnectorCatalogue connectors, IEnumerable<ISourceRemoval> removals)
    : Command<RemoveSourceRequest, SourceRemoved>(door)
{
    public override Permission Permission => Permission.ManageSources;

    protected override async Task<Result<SourceRemoved>> ApplyAsync(
        RemoveSourceRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var db = context.Db;
        var source = await SourceRules.FindAsync(db, request.Id, cancellationToken);
        if (source is null)
        {
            return new Error.NotFound("This source");
        }

        if (connectors.Find(source.ConnectorKey)?.Descriptor.AddedByPeople == false)
        {
            return new Error.Conflict("The product's own source cannot be removed: its credentials stay in view.");
        }

        if (source.Version != request.Version)
        {
            return new Error.Conflict("Somebody changed this source meanwhile. Load it again and repeat your change.");
        }

        // First: a worker that still reads it can write nothing from here on.
        await db.Set<Source>().Where(s => s.Id == source.Id).ExecuteUpdateAsync(
            s => s.SetProperty(x => x.Fence, x => x.Fence + 1)
                .SetProperty(x => x.LeaseHolder, (string?)null)
                .SetProperty(x => x.LeaseUntil, (DateTimeOffset?)null)
                .SetProperty(x => x.NextRunAt, (DateTimeOffset?)null),
            cancellationToken);
        await db.Set<PollRun>().Where(r => r.SourceId == source.Id && (r.State == PollState.Queued || r.State == PollState.Running)).ExecuteUpdateAsync(
            r => r.SetProperty(x => x.State, PollState.Cancelled).SetProperty(x => x.EndedAt, context.Now)
                .SetProperty(x => x.Error, "The source was removed."),
            cancellationToken);
        await db.Set<SourceSecret>().Where(s => s.SourceId == source.Id).ExecuteDeleteAsync(cancellationToken);
        await db.Set<SourceMemory>().Where(m => m.SourceId == source.Id).ExecuteDeleteAsync(cancellationToken);
        var before = SourceRules.State(source);
        (source.RemovedAt, source.IsEnabled) = (context.Now, false);
        var retired = 0L;
        foreach (var removal in removals)
        {
            retired += await removal.RetireAsync(db, source.Id, "source removed", context.Now, cancellationToken);
        }

        context.Audit("source.remove", "source", source.Id, before, null, $"{retired} things retired");
        context.Signal(SourceTopics.Source, source.Id);
        return new SourceRemoved(retired);
    }
}
