using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Sources.Manage;

public sealed record EnableSourceRequest(Guid Id);

/// <summary>Lets the schedule poll a source again.</summary>
public sealed class EnableSource(CommandDoor door, PollQueue queue) : Command<EnableSourceRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageSources;

    protected override async Task<Result<Done>> ApplyAsync(EnableSourceRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        // What webhooks said while it was off, nobody kept; so everything is read once.
        if (await context.Db.Set<Source>().AnyAsync(s => s.Id == request.Id && s.RemovedAt == null && !s.IsEnabled, cancellationToken)
            && await context.Db.Set<WebhookDelivery>().AnyAsync(d => d.SourceId == request.Id, cancellationToken))
        {
            var run = await queue.AddAsync(context.Db, request.Id, PollTrigger.Person, TimeSpan.Zero, cancellationToken);
            context.Signal(SourceTopics.Run, run.RunId);
        }

        return await SwitchSource.ApplyAsync(request.Id, true, context, cancellationToken);
    }
}

public sealed record DisableSourceRequest(Guid Id);

/// <summary>Stops the schedule for a source; what it saw stays, and ages in plain sight.</summary>
public sealed class DisableSource(CommandDoor door) : Command<DisableSourceRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageSources;

    protected override Task<Result<Done>> ApplyAsync(DisableSourceRequest request, CommandContext context, CancellationToken cancellationToken) =>
        SwitchSource.ApplyAsync(request.Id, false, context, cancellationToken);
}

public sealed record SetIntervalRequest(Guid Id, int Minutes);

/// <summary>How often the schedule polls a source.</summary>
public sealed class SetInterval(CommandDoor door) : Command<SetIntervalRequest, Done>(door)
{
    public override Permission Permission => Permission.ManageSources;

    protected override async Task<Result<Done>> ApplyAsync(SetIntervalRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (SourceRules.IntervalFault(request.Minutes) is { } fault)
        {
            return new Error.Invalid([fault with { Field = "minutes" }]);
        }

        if (await SourceRules.FindAsync(context.Db, request.Id, cancellationToken) is not { } source)
        {
            return new Error.NotFound("This source");
        }

        var before = SourceRules.State(source);
        var note = $"interval {source.IntervalMinutes} to {request.Minutes} minutes";
        source.IntervalMinutes = request.Minutes;
        context.Audit("source.interval", "source", source.Id, before, SourceRules.State(source), note);
        context.Signal(SourceTopics.Source, source.Id);
        return Done.Value;
    }
}

internal static class SwitchSource
{
    public static async Task<Result<Done>> ApplyAsync(Guid id, bool on, CommandContext context, CancellationToken cancellationToken)
    {
        if (await SourceRules.FindAsync(context.Db, id, cancellationToken) is not { } source)
        {
            return new Error.NotFound("This source");
        }

        var before = SourceRules.State(source);
        source.IsEnabled = on;
        context.Audit(on ? "source.enable" : "source.disable", "source", source.Id, before, SourceRules.State(source));
        context.Signal(SourceTopics.Source, source.Id);
        return Done.Value;
    }
}
