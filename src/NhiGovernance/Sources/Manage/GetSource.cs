using Microsoft.EntityFrameworkCore;
using NhiGovernance.Common;
using NhiGovernance.Common.Sealing;
using NhiGovernance.Common.UseCases;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Sources.Manage;

public sealed record GetSourceRequest(Guid Id);

/// <param name="Connector">Null when this version no longer has the connector.</param>
/// <param name="Settings">Without secrets.</param>
public sealed record SourceDetail(
    SourceRow Row, ConnectorDescriptor? Connector, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<SecretRow> Secrets,
    DateTimeOffset CreatedAt);

/// <summary>One source with its settings; of its secrets only which are set, and when.</summary>
public sealed class GetSource(QueryDoor door, ConnectorCatalogue connectors, ISealer sealer) : Query<GetSourceRequest, SourceDetail>(door)
{
    public override Permission Permission => Permission.ReadSources;

    protected override async Task<Result<SourceDetail>> ReadAsync(
        GetSourceRequest request, QueryContext context, CancellationToken cancellationToken)
    {
        var found = context.Db.Set<Source>().Where(s => s.Id == request.Id && s.RemovedAt == null);
        var row = (await SourceRows.ReadAsync(found, connectors, context, cancellationToken)).SingleOrDefault();
        if (row is null)
        {
            return new Error.NotFound("This source");
        }

        var stored = await found.Select(s => new { s.Settings, s.CreatedAt }).SingleAsync(cancellationToken);
        var secrets = await context.Db.Set<SourceSecret>().Where(s => s.SourceId == request.Id && s.Host == row.Host)
            .Select(s => new { s.Key, s.SetAt, s.Sealed }).ToDictionaryAsync(s => s.Key, cancellationToken);
        var descriptor = connectors.Find(row.ConnectorKey)?.Descriptor;
        var settings = SourceSettingsJson.Read(stored.Settings).Values;
        return new SourceDetail(
            row, descriptor, settings,
            [.. (descriptor?.Settings ?? []).Where(f => f.Kind == SettingKind.Secret && SettingsCheck.Applies(f, settings)).Select(f =>
                secrets.TryGetValue(f.Key, out var set)
                    ? new SecretRow(f.Key, f.Label, true, set.SetAt, sealer.KeyIdOf(set.Sealed))
                    : new SecretRow(f.Key, f.Label, false, null, null))],
            stored.CreatedAt);
    }
}
