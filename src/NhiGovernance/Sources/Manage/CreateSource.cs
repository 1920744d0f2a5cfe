using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Sources.Manage;

/// <param name="Connector">Key of its connector, as <c>GET /sources/connectors</c> lists them.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Settings">By the descriptor's keys; no secrets.</param>
/// <param name="Secrets">Write-only values by the descriptor's secret keys; may also be set later.</param>
/// <param name="IntervalMinutes">Null: the connector's default.</param>
/// <param name="PollNow">Queues the first run at once.</param>
public sealed record CreateSourceRequest(
    string Connector, string Name, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string>? Secrets = null,
    int? IntervalMinutes = null, bool PollNow = true);

/// <param name="Id">Id of the new source.</param>
/// <param name="Version">Its first version; send it back with a change.</param>
/// <param name="RunId">Its first run, queued; null when none was asked for.</param>
public sealed record SourceCreated(Guid Id, long Version, Guid? RunId);

/// <summary>Adds a source. Its host is approved by that: an Engineer's act, in the audit log.</summary>
public sealed class CreateSource(
    CommandDoor door, ConnectorCatalogue connectors, SourceSecretStore secrets, IOutboundGuard guard, PollQueue queue)
    : Command<CreateSourceRequest, SourceCreated>(door)
{
    public override Permission Permission => Permission.ManageSources;

    protected override async Task<Result<SourceCreated>> ApplyAsync(
        CreateSourceRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        if (connectors.Find(request.Connector) is not { Descriptor.AddedByPeople: true } connector)
        {
            return new Error.Invalid("connector", $"There is no connector \"{request.Connector}\".");
        }

        var given = (request.Secrets ?? new Dictionary<string, string>()).Where(s => !string.IsNullOrEmpty(s.Value)).ToList();
        var clean = SettingsCheck.Clean(connector.Descriptor, request.Settings);
        var interval = request.IntervalMinutes ?? (int)connector.Descriptor.DefaultInterval.TotalMinutes;
        var faults = SourceRules.Faults(connector, request.Name, interval, clean, given.Select(s => s.Key).ToHashSet(), guard);
        faults.AddRange(given.Select(s => SourceRules.SecretFault(s.Key, s.Value)).OfType<FieldFault>());
        if (faults.Count > 0)
        {
            return new Error.Invalid(faults);
        }

        var source = new Source
        {
            Id = context.NewId(),
            ConnectorKey = connector.Descriptor.Key,
            Name = request.Name.Trim(),
            Settings = SourceSettingsJson.Write(clean),
            Host = SettingsCheck.HostOf(connector.Descriptor, clean),
            IntervalMinutes = interval,
            CreatedAt = context.Now,
        };
        context.Db.Add(source);
        foreach (var (key, value) in given)
        {
            await secrets.SetAsync(context, source, key, value, cancellationToken);
        }

        // The queue counts the run's number up on the row.
        await context.Db.SaveChangesAsync(cancellationToken);
        var run = request.PollNow ? await queue.AddAsync(context.Db, source.Id, PollTrigger.Person, TimeSpan.Zero, cancellationToken) : null;
        context.Audit("source.create", "source", source.Id, null, SourceRules.State(source, given.Select(s => s.Key)), $"connector {source.ConnectorKey}");
        context.Signal(SourceTopics.Source, source.Id);
        if (run is not null)
        {
            context.Signal(SourceTopics.Run, run.RunId);
        }

        return new SourceCreated(source.Id, source.Version, run?.RunId);
    }
}
