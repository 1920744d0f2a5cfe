using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;
using NhiGovernance.Sources.Runs;

namespace NhiGovernance.Sources.Manage;

/// <param name="Version">As read; another's change since then is a conflict.</param>
public sealed record UpdateSourceRequest(Guid Id, long Version, string Name, IReadOnlyDictionary<string, string> Settings);

/// <param name="Version">Its new version.</param>
/// <param name="ClearedSecrets">Keys whose credential was cleared because the host changed; the page says so.</param>
public sealed record SourceUpdated(long Version, IReadOnlyList<string> ClearedSecrets);

/// <summary>Changes name and settings. A new host clears the credentials: they were entered for the old one.</summary>
public sealed class UpdateSource(CommandDoor door, ConnectorCatalogue connectors, IOutboundGuard guard) : Command<UpdateSourceRequest, SourceUpdated>(door)
{
    public override Permission Permission => Permission.ManageSources;

    protected override async Task<Result<SourceUpdated>> ApplyAsync(
        UpdateSourceRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        await SourceHold.TakeAsync(context.Db, request.Id, cancellationToken);
        var source = await SourceRules.FindAsync(context.Db, request.Id, cancellationToken);
        if (source is null || connectors.Find(source.ConnectorKey) is not { Descriptor.AddedByPeople: true } connector)
        {
            return new Error.NotFound("This source");
        }

        if (source.Version != request.Version)
        {
            return new Error.Conflict("Somebody changed this source meanwhile. Load it again and repeat your change.");
        }

        var set = await context.Db.Set<SourceSecret>().Where(s => s.SourceId == source.Id).Select(s => s.Key).ToListAsync(cancellationToken);
        var clean = SettingsCheck.Clean(connector.Descriptor, request.Settings);
        var faults = SourceRules.Faults(connector, request.Name, source.IntervalMinutes, clean, new HashSet<string>(), guard);
        if (faults.Count > 0)
        {
            return new Error.Invalid(faults);
        }

        var before = SourceRules.State(source, set);
        var host = SettingsCheck.HostOf(connector.Descriptor, clean);
        var moved = host != source.Host;
        var settings = SourceSettingsJson.Write(clean);
        if (settings != SourceSettingsJson.Write(SourceSettingsJson.Read(source.Settings).Values))
        {
            // Entity tags and positions belong to what was read before. What stays is as doubtful as it was.
            await context.Db.Set<SourceMemory>()
                .Where(m => m.SourceId == source.Id && (moved || (!m.Key.StartsWith(IReadMemory.Lasting) && m.Key != SourceMemory.DistrustKey)))
                .ExecuteDeleteAsync(cancellationToken);
        }

        if (moved)
        {
            await context.Db.Set<SourceSecret>().Where(s => s.SourceId == source.Id).ExecuteDeleteAsync(cancellationToken);
        }

        (source.Name, source.Settings, source.Host) = (request.Name.Trim(), settings, host);
        await context.Db.SaveChangesAsync(cancellationToken);
        context.Audit("source.update", "source", source.Id, before, SourceRules.State(source, moved ? [] : set),
            moved && set.Count > 0 ? "host changed, credentials cleared" : null);
        context.Signal(SourceTopics.Source, source.Id);
        return new SourceUpdated(source.Version, moved ? set : []);
    }
}
