using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Manage;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Sources.Connectors.Own;

public sealed record EnsureOwnSourceRequest;

public sealed record OwnSource(Guid Id);

/// <summary>Makes the source of the product's own credentials; a conflict when it is there already.</summary>
public sealed class EnsureOwnSource(CommandDoor door, ConnectorCatalogue connectors, PollQueue queue, Data.IDialect dialect)
    : Command<EnsureOwnSourceRequest, OwnSource>(door)
{
    public override Permission Permission => Permission.System;

    protected override async Task<Result<OwnSource>> ApplyAsync(
        EnsureOwnSourceRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        await dialect.LockAsync(context.Db, "own-source", cancellationToken);
        var there = await context.Db.Set<Source>().Where(s => s.ConnectorKey == OwnConnector.Key && s.RemovedAt == null)
            .Select(s => (Guid?)s.Id).FirstOrDefaultAsync(cancellationToken);
        if (there is { } id)
        {
            return new Error.Conflict($"The product's own source is there already ({id}).");
        }

        var descriptor = connectors.Find(OwnConnector.Key)!.Descriptor;
        var taken = await context.Db.Set<Source>().AnyAsync(s => s.Name == descriptor.Title && s.RemovedAt == null, cancellationToken);
        var source = new Source
        {
            Id = context.NewId(),
            ConnectorKey = descriptor.Key,
            Name = taken ? $"{descriptor.Title} (own)" : descriptor.Title,
            Settings = "{}",
            Host = string.Empty,
            IntervalMinutes = (int)descriptor.DefaultInterval.TotalMinutes,
            CreatedAt = context.Now,
        };
        context.Db.Add(source);
        await context.Db.SaveChangesAsync(cancellationToken);
        var run = await queue.AddAsync(context.Db, source.Id, PollTrigger.Start, TimeSpan.Zero, cancellationToken);
        context.Audit("source.create", "source", source.Id, null, SourceRules.State(source), "the product's own credentials");
        context.Signal(SourceTopics.Source, source.Id);
        context.Signal(SourceTopics.Run, run.RunId);
        return new OwnSource(source.Id);
    }
}
